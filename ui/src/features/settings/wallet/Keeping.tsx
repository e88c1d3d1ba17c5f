import { m } from "../../../i18n/messages";
import { Choice } from "../../../ui/Choice";
import { SecretField } from "../../../ui/SecretField";
import { SHORTEST, secret } from "./secret";

/** Where a key can be kept outside practice. */
export type Place = "system" | "file";

/** What is wrong with the passphrase of the stall's own file. */
export type PassphraseProblem = "short" | "differs";

/** The passphrase for the stall's own encrypted file, or what is wrong with it. Nothing is asked of the system's store. */
export function readOwn(
  form: HTMLFormElement,
  place: Place,
): { passphrase: string | undefined; problem: PassphraseProblem | null } {
  if (place === "system") {
    return { passphrase: undefined, problem: null };
  }
  const passphrase = secret(form, "own");
  if ([...(passphrase ?? "")].length < SHORTEST) {
    return { passphrase, problem: "short" };
  }
  return { passphrase, problem: passphrase === secret(form, "again") ? null : "differs" };
}

interface Props {
  place: Place;
  onPlaceChange(place: Place): void;
  /** Whether this computer has a key store. */
  hasStore: boolean;
  problem: PassphraseProblem | null;
}

/** Where a new key is kept, with the passphrase that a file needs. */
export function Keeping({ place, onPlaceChange, hasStore, problem }: Props) {
  return (
    <>
      {hasStore ? (
        <div className="flex flex-col items-start gap-1">
          <span aria-hidden className="font-medium">
            {m.wallet_keep()}
          </span>
          <Choice
            label={m.wallet_keep()}
            items={[
              { value: "system", label: m.wallet_keep_system() },
              { value: "file", label: m.wallet_keep_file() },
            ]}
            value={place}
            onValueChange={onPlaceChange}
          />
          <p className="text-caption text-text-2">
            {place === "system" ? m.wallet_keep_system_text() : m.wallet_keep_file_text()}
          </p>
        </div>
      ) : (
        <p className="text-text-2">{m.wallet_keep_no_store()}</p>
      )}
      {place === "file" && (
        <NewPassphrase
          label={m.wallet_passphrase_new()}
          hint={m.wallet_passphrase_hint({ least: SHORTEST })}
          problem={problem}
        />
      )}
    </>
  );
}

interface NewPassphraseProps {
  label: string;
  hint?: string;
  problem: PassphraseProblem | null;
}

/** A passphrase that is made up here, typed twice, as `readOwn` reads it. */
export function NewPassphrase({ label, hint, problem }: NewPassphraseProps) {
  return (
    <>
      <SecretField
        label={label}
        name="own"
        isNew
        description={hint}
        error={problem === "short" ? m.wallet_passphrase_short({ least: SHORTEST }) : undefined}
      />
      <SecretField
        label={m.wallet_passphrase_again()}
        name="again"
        isNew
        error={problem === "differs" ? m.wallet_passphrase_differs() : undefined}
      />
    </>
  );
}
