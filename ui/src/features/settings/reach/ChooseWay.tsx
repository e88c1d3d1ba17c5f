import { FolderOpen } from "lucide-react";
import { type FormEvent, useState } from "react";
import type { ReachView } from "../../../api/generated/ReachView";
import type { WayView } from "../../../api/generated/WayView";
import { usePlatform } from "../../../api/platform-context";
import { useSecretCommand } from "../../../api/wallet";
import { m } from "../../../i18n/messages";
import { Button } from "../../../ui/Button";
import { Dialog } from "../../../ui/Dialog";
import { Field } from "../../../ui/Field";
import { Input } from "../../../ui/Input";
import { Refusal } from "../../../ui/Refusal";
import { SecretField } from "../../../ui/SecretField";
import { notify } from "../../../ui/toast";
import { FormButtons } from "../FormButtons";
import { isNodeUrl } from "../networks/nodes";
import { goToProblem } from "../problem";
import { FileField } from "../wallet/FileField";
import { secret } from "../wallet/secret";
import { WayFacts } from "./Way";

interface Props {
  reach: ReachView;
  /** The way that is about to be chosen; null while none is. */
  way: WayView | null;
  onClose(): void;
}

/** What a way needs, and what choosing it means. */
export function ChooseWay({ reach, way, onClose }: Props) {
  return (
    <Dialog
      open={way !== null}
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={way?.title ?? ""}
      description={way?.purpose}
      wide
    >
      {way !== null && <WayForm reach={reach} way={way} onDone={onClose} />}
    </Dialog>
  );
}

function WayForm({ reach, way, onDone }: { reach: ReachView; way: WayView; onDone(): void }) {
  const platform = usePlatform();
  const { isPending, error, send, reset } = useSecretCommand("reach_set");
  const isChosen = way.kind === reach.way.kind;
  const isKept = isChosen && reach.token !== "none";
  const [address, setAddress] = useState(isChosen ? (reach.address ?? "") : "");
  const [name, setName] = useState(reach.name);
  const [program, setProgram] = useState("");
  const [tried, setTried] = useState(false);
  const [lacksToken, setLacksToken] = useState(false);
  const typed = address.trim();
  const mayLackAddress = way.kind === "ngrok";
  const wrongAddress = way.takesAddress && !isNodeUrl(typed) && !(mayLackAddress && typed === "");
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const token = secret(form, "token");
    const passphrase = secret(form, "passphrase");
    const lacks = way.takesToken && !isKept && token === undefined;
    setTried(true);
    setLacksToken(lacks);
    if (wrongAddress || lacks) {
      goToProblem(form);
      return;
    }
    const done = await send({
      kind: way.kind,
      ...(way.takesAddress && { address: typed }),
      ...(way.kind === "this_network" && { name: name.trim() }),
      ...(token !== undefined && { token }),
      ...(passphrase !== undefined && token !== undefined && { passphrase }),
      ...(program.trim() !== "" && { program: program.trim() }),
    });
    if (done === null) {
      goToProblem(form);
      return;
    }
    form.reset();
    onDone();
    const isWell = done.state === "online" || done.state === "off";
    notify({
      title: m.reach_chosen_now({ way: done.way.title }),
      description: done.sentence,
      tone: isWell ? "settled" : done.state === "starting" ? "neutral" : "failed",
    });
  };
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-4">
      {!isChosen && reach.way.kind !== "this_computer" && (
        <p className="rounded-control bg-warning-soft px-3 py-2 text-warning">
          {m.reach_replaces({ way: reach.way.title })}
        </p>
      )}
      <WayFacts way={way} />
      {way.takesAddress && (
        <Field
          label={m.reach_field_address()}
          description={addressHint(way.kind)}
          error={tried && wrongAddress ? m.reach_address_wrong() : undefined}
        >
          <Input
            inputMode="url"
            placeholder="https://"
            value={address}
            onValueChange={(next) => {
              setAddress(next);
              reset();
            }}
          />
        </Field>
      )}
      {way.kind === "this_network" && (
        <Field label={m.reach_field_name()} description={m.reach_name_hint()}>
          <Input value={name} onValueChange={setName} after=".local" />
        </Field>
      )}
      {way.takesToken && (
        <>
          <SecretField
            label={m.reach_field_token()}
            name="token"
            description={isKept ? m.reach_token_kept() : m.reach_token_hint()}
            error={lacksToken ? m.reach_token_missing() : undefined}
          />
          <SecretField
            label={m.reach_field_passphrase()}
            name="passphrase"
            isNew
            description={m.reach_passphrase_hint()}
          />
        </>
      )}
      {way.missing !== null && (
        <FileField
          label={m.reach_field_program({ program: way.program ?? "" })}
          hint={m.reach_program_hint()}
          file={program}
          onFileChange={setProgram}
          choose={() => platform.pickFile()}
          chooseLabel={m.wallet_import_choose()}
          icon={FolderOpen}
        />
      )}
      {error !== null && <Refusal title={m.settings_not_saved()} error={error} />}
      <FormButtons onCancel={onDone}>
        <Button type="submit" variant="primary" loading={isPending}>
          {isChosen ? m.settings_save() : m.reach_choose()}
        </Button>
      </FormButtons>
    </form>
  );
}

function addressHint(kind: string): string {
  switch (kind) {
    case "cloudflare_named":
      return m.reach_address_cloudflare();
    case "ngrok":
      return m.reach_address_ngrok();
    default:
      return m.reach_address_own();
  }
}
