import { useNavigate } from "@tanstack/react-router";
import {
  type ComponentType,
  type ReactNode,
  Suspense,
  useCallback,
  useEffect,
  useMemo,
  useReducer,
  useRef,
  useState,
} from "react";
import type { EndpointAdd } from "../../api/generated/EndpointAdd";
import type { EndpointView } from "../../api/generated/EndpointView";
import { usePlatform } from "../../api/platform-context";
import { useEndpointAdd, useEndpointRemove } from "../../api/queries";
import { m } from "../../i18n/messages";
import { messageOf } from "../../lib/message";
import { OnceDrawn } from "../../ui/OnceDrawn";
import { notify } from "../../ui/toast";
import { DropOverlay } from "./DropOverlay";
import { dropDrafts, readDrafts } from "./drafts";
import type { PriceSheetProps } from "./PriceSheet";
import { PricingProvider } from "./pricing-context";
import { advance, fileName, type Queue, SERVICE, TEXT, wareOf } from "./queue";
import { named } from "./words";

/** Files that were being priced when the window was loaded anew are still there to be gone on with. */
const begin = (): Queue => ({ waiting: Object.keys(readDrafts()), done: 0, open: false, published: null });

interface Props {
  /** It may be read once the window is drawn. */
  sheet: ComponentType<PriceSheetProps>;
  children: ReactNode;
}

/** Around every page: a file or a folder dropped anywhere is priced in a sheet, and so is a text. Publishing goes on when that is closed. */
export function PriceFiles({ sheet: PriceSheet, children }: Props) {
  const platform = usePlatform();
  const navigate = useNavigate();
  const [queue, step] = useReducer(advance, null, begin);
  const [dragged, setDragged] = useState<readonly string[]>([]);
  const add = useEndpointAdd();
  const picking = useRef(false);
  const { waiting, open, published } = queue;
  const file = published === null ? waiting[0] : undefined;

  useEffect(() => {
    const hearing = platform.dropped(({ kind, files }) => {
      setDragged(kind === "over" ? files : []);
      if (kind === "drop") {
        step({ kind: "offer", files });
      }
    });
    return () => {
      hearing.then((stop) => stop()).catch(() => undefined);
    };
  }, [platform]);

  const pick = useCallback(
    async (what: "file" | "folder") => {
      if (picking.current) {
        return;
      }
      picking.current = true;
      try {
        const chosen = await (what === "file" ? platform.pickFile() : platform.pickFolder());
        if (chosen !== null) {
          step({ kind: "offer", files: [chosen] });
        }
      } catch (reason) {
        const title = what === "file" ? m.endpoints_pick_failed() : m.endpoints_pick_folder_failed();
        notify({ title, description: messageOf(reason), tone: "failed" });
      } finally {
        picking.current = false;
      }
    },
    [platform],
  );

  // Publishing ends later than it began: what the sheet shows by then is what counts.
  const shown = useRef<string | undefined>(undefined);
  useEffect(() => {
    shown.current = open ? file : undefined;
  }, [open, file]);

  // The app reads a file to its end whatever happens here: what was cancelled is taken away again at once.
  const cancelled = useRef(new Set<string>());
  const remove = useEndpointRemove();
  const takeBack = async ({ id, title }: EndpointView) => {
    const name = { title: named(title) };
    try {
      await remove.mutateAsync({ endpoint: id });
      notify({ title: m.endpoints_publish_cancelled(name) });
    } catch (reason) {
      notify({
        title: m.endpoints_remove_failed(name),
        description: messageOf(reason),
        tone: "failed",
        action: showing(id),
      });
    }
  };

  const showing = (id: string) => ({
    label: m.endpoints_show(),
    run: () => void navigate({ to: "/endpoints/$endpoint", params: { endpoint: id } }),
  });

  const publish = async (request: EndpointAdd) => {
    const ware = wareOf(request);
    try {
      const endpoint = await add.mutateAsync(request);
      if (cancelled.current.delete(ware)) {
        await takeBack(endpoint);
        return;
      }
      dropDrafts([ware]);
      if (shown.current !== ware) {
        notify({
          title: m.endpoints_published({ title: named(endpoint.title) }),
          tone: "settled",
          action: showing(endpoint.id),
        });
      }
      step({ kind: "published", file: ware, endpoint });
    } catch (reason) {
      // The sheet says it beside the fields; without a sheet, only this does. Of what was cancelled, nothing does.
      if (!cancelled.current.delete(ware) && shown.current !== ware) {
        notify({
          title: m.endpoints_publish_failed(),
          description: messageOf(reason),
          tone: "failed",
          action: {
            label: m.endpoints_continue(),
            run: () => step({ kind: "offer", files: [ware] }),
          },
        });
      }
    }
  };

  const close = () => {
    const underWay = add.isPending ? wareOf(add.variables) : undefined;
    const drafts = Object.keys(readDrafts()).filter((draft) => draft !== underWay);
    if (file !== undefined && drafts.includes(file)) {
      notify({
        title: m.endpoints_kept(),
        description: m.endpoints_kept_text({ name: named(fileName(file)) }),
        action: { label: m.endpoints_continue(), run: () => step({ kind: "reopen" }) },
      });
    }
    step({ kind: "close", kept: drafts });
  };

  const cancel = () => {
    if (file !== undefined) {
      cancelled.current.add(file);
    }
    step({ kind: "close", kept: Object.keys(readDrafts()) });
  };

  const next = () => {
    if (file !== undefined) {
      dropDrafts([file]);
    }
    add.reset();
    step({ kind: "next" });
  };

  const pricing = useMemo(
    () => ({
      unfinished: open ? [] : waiting,
      pick: () => void pick("file"),
      pickFolder: () => void pick("folder"),
      write: () => step({ kind: "offer", files: [TEXT] }),
      serve: () => step({ kind: "offer", files: [SERVICE] }),
      resume: () => step({ kind: "reopen" }),
      discard: () => {
        dropDrafts(waiting);
        step({ kind: "discard" });
      },
    }),
    [open, waiting, pick],
  );

  return (
    <PricingProvider value={pricing}>
      {children}
      <OnceDrawn>
        <Suspense>
          <PriceSheet
            queue={queue}
            publishing={add.isPending ? add.variables : null}
            failed={
              add.error === null || add.variables === undefined
                ? null
                : { ...add.variables, error: add.error }
            }
            onPublish={(request) => void publish(request)}
            onNext={next}
            onClose={close}
            onCancel={cancel}
            onPick={() => void pick("file")}
          />
        </Suspense>
      </OnceDrawn>
      {dragged.length > 0 && <DropOverlay files={dragged} />}
    </PricingProvider>
  );
}
