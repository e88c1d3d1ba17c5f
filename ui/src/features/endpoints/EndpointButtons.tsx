import { Pause, Play, Trash2, Undo2 } from "lucide-react";
import { useState } from "react";
import type { EndpointView } from "../../api/generated/EndpointView";
import { m } from "../../i18n/messages";
import { Button } from "../../ui/Button";
import { ChangePrice } from "./ChangePrice";
import { useEndpointActions } from "./useEndpointActions";

interface Props {
  endpoint: EndpointView;
  /** It is no longer in the list. */
  onRemoved(): void;
}

/** What can be done with an endpoint. */
export function EndpointButtons({ endpoint, onRemoved }: Props) {
  const actions = useEndpointActions(endpoint);
  const [isChanging, setIsChanging] = useState(false);
  if (endpoint.state === "removed") {
    return (
      <Button icon={Undo2} loading={actions.isRemoving} onClick={() => void actions.restore()}>
        {m.endpoints_restore()}
      </Button>
    );
  }
  const paused = endpoint.state === "paused";
  const remove = async () => {
    if (await actions.remove()) {
      onRemoved();
    }
  };
  return (
    <>
      <Button
        variant="ghostDanger"
        icon={Trash2}
        loading={actions.isRemoving}
        className="mr-auto"
        onClick={() => void remove()}
      >
        {m.endpoints_remove()}
      </Button>
      <Button
        icon={paused ? Play : Pause}
        loading={actions.isSwitching}
        onClick={() => void (paused ? actions.resume() : actions.pause())}
      >
        {paused ? m.endpoints_resume() : m.endpoints_pause()}
      </Button>
      <Button onClick={() => setIsChanging(true)}>{m.endpoints_change_price()}</Button>
      <ChangePrice
        endpoint={endpoint}
        open={isChanging}
        onOpenChange={setIsChanging}
        onChange={actions.setPrice}
      />
    </>
  );
}
