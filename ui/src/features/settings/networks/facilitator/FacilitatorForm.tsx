import { FolderOpen } from "lucide-react";
import { type FormEvent, useState } from "react";
import type { FacilitatorView } from "../../../../api/generated/FacilitatorView";
import type { NetworkItem } from "../../../../api/generated/NetworkItem";
import { usePlatform } from "../../../../api/platform-context";
import { useSecretCommand } from "../../../../api/wallet";
import { m } from "../../../../i18n/messages";
import { Button } from "../../../../ui/Button";
import { Choice } from "../../../../ui/Choice";
import { Field } from "../../../../ui/Field";
import { Input } from "../../../../ui/Input";
import { Refusal } from "../../../../ui/Refusal";
import { SecretField } from "../../../../ui/SecretField";
import { Select } from "../../../../ui/Select";
import { notify } from "../../../../ui/toast";
import { FormButtons } from "../../FormButtons";
import { goToProblem } from "../../problem";
import { FileField } from "../../wallet/FileField";
import { secret } from "../../wallet/secret";
import { isNodeUrl } from "../nodes";

type Use = "always" | "without_gas";
type Kind = "none" | "bearer" | "cdp" | "payai";

/** How a facilitator is told who asks; `kept` leaves it as it is. */
type Chosen = Kind | "kept";

interface Props {
  item: NetworkItem;
  known: FacilitatorView | undefined;
  onDone(): void;
}

/** Where it is, what it is used for, and the file that holds what it knows the seller by. */
export function FacilitatorForm({ item: { network, title }, known, onDone }: Props) {
  const platform = usePlatform();
  const { isPending, error, send, reset } = useSecretCommand("facilitator_set");
  const [text, setText] = useState("");
  const [used, setUsed] = useState<Use>(known?.used === "without_gas" ? "without_gas" : "always");
  const [kind, setKind] = useState<Chosen>(known === undefined ? "none" : "kept");
  const [keyId, setKeyId] = useState("");
  const [file, setFile] = useState("");
  const [tried, setTried] = useState(false);
  const url = text.trim();
  const isUrl = isNodeUrl(url) || (url === "" && known !== undefined);
  const needsFile = kind !== "none" && kind !== "kept";
  const isMissing = needsFile && file.trim() === "";
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    setTried(true);
    if (!isUrl || isMissing) {
      goToProblem(form);
      return;
    }
    const passphrase = secret(form, "passphrase");
    const done = await send({
      network,
      used,
      ...(url !== "" && { url }),
      ...(kind !== "kept" && { credential: kind }),
      ...(needsFile && { secretFile: file.trim() }),
      ...(needsFile && keyId.trim() !== "" && { keyId: keyId.trim() }),
      ...(needsFile && passphrase !== undefined && { passphrase }),
    });
    if (done !== null) {
      form.reset();
      onDone();
      notify({ title: m.networks_facilitator_done({ network: title }), tone: "settled" });
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-4">
      <Field
        label={m.networks_facilitator_url()}
        description={
          known === undefined
            ? m.networks_facilitator_url_hint()
            : m.networks_facilitator_url_now({ url: known.url })
        }
        error={tried && !isUrl ? m.networks_node_wrong() : undefined}
      >
        <Input
          inputMode="url"
          placeholder="https://"
          value={text}
          onValueChange={(next) => {
            setText(next);
            reset();
          }}
        />
      </Field>
      <div className="flex flex-col items-start gap-1">
        <span aria-hidden className="font-medium">
          {m.networks_facilitator_used()}
        </span>
        <Choice<Use>
          label={m.networks_facilitator_used()}
          items={[
            { value: "always", label: m.networks_facilitator_always() },
            { value: "without_gas", label: m.networks_facilitator_without_gas() },
          ]}
          value={used}
          onValueChange={setUsed}
        />
      </div>
      <Field label={m.networks_credential()}>
        <Select<Chosen>
          items={[
            ...(known === undefined ? [] : [{ value: "kept" as const, label: m.networks_credential_kept() }]),
            { value: "none", label: m.networks_credential_none() },
            { value: "bearer", label: m.networks_credential_bearer() },
            { value: "cdp", label: m.networks_credential_cdp() },
            { value: "payai", label: m.networks_credential_payai() },
          ]}
          value={kind}
          onValueChange={setKind}
          className="max-w-72"
        />
      </Field>
      {(kind === "cdp" || kind === "payai") && (
        <Field label={m.networks_credential_id()} description={m.networks_credential_id_hint()}>
          <Input value={keyId} onValueChange={setKeyId} />
        </Field>
      )}
      {needsFile && (
        <>
          <FileField
            label={kind === "bearer" ? m.networks_credential_token_file() : m.networks_credential_key_file()}
            hint={m.networks_credential_file_hint()}
            file={file}
            onFileChange={setFile}
            choose={() => platform.pickFile()}
            chooseLabel={m.wallet_import_choose()}
            icon={FolderOpen}
            error={tried && isMissing ? m.wallet_file_missing() : undefined}
          />
          <SecretField
            label={m.networks_credential_passphrase()}
            name="passphrase"
            isNew
            description={m.networks_credential_passphrase_hint()}
          />
        </>
      )}
      {error !== null && <Refusal title={m.settings_not_saved()} error={error} />}
      <FormButtons onCancel={onDone}>
        <Button type="submit" variant="primary" loading={isPending}>
          {m.settings_save()}
        </Button>
      </FormButtons>
    </form>
  );
}
