import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { EndpointView } from "../../api/generated/EndpointView";
import { usePlatform } from "../../api/platform-context";
import { folderFilesQuery } from "../../api/prices";
import { statusQuery } from "../../api/queries";
import { m } from "../../i18n/messages";
import { Field } from "../../ui/Field";
import { Select } from "../../ui/Select";
import { Tabs } from "../../ui/Tabs";
import { agentPrompt } from "./embed";
import { Snippet } from "./Snippet";
import {
  axiosSnippet,
  curlSnippet,
  fetchSnippet,
  filledIn,
  pythonSnippet,
  savedAs,
  type Ware,
} from "./snippets";

interface Props {
  endpoint: EndpointView;
  url: string;
}

/** What a program writes to buy it, by its kind. */
export function Programs({ endpoint, url }: Props) {
  const { content, path, formatted, title } = endpoint;
  switch (content.kind) {
    case "service":
      return <OfService endpoint={endpoint} url={filledIn(url)} methods={content.methods} />;
    case "folder":
      if (content.soldAs === "files") {
        return <OfFolder endpoint={endpoint} />;
      }
      return (
        <Snippets
          ware={{ url, method: "GET", price: formatted, saveAs: savedAs(path, "all.zip") }}
          title={title}
        />
      );
    case "file":
    case "text":
      return (
        <Snippets
          ware={{ url, method: "GET", price: formatted, saveAs: savedAs(path, content.name) }}
          title={title}
        />
      );
  }
}

function OfService({ endpoint, url, methods }: Props & { methods: readonly string[] }) {
  const [chosen, setChosen] = useState(methods[0] ?? "GET");
  const method = methods.includes(chosen) ? chosen : (methods[0] ?? "GET");
  const own = endpoint.prices.find(({ part, audience }) => part === method && audience === "everybody");
  const price = own?.price?.formatted ?? endpoint.formatted;
  return (
    <>
      {methods.length > 1 && (
        <Field label={m.endpoints_field_method()}>
          <Select
            value={method}
            onValueChange={setChosen}
            items={methods.map((one) => ({ value: one, label: one }))}
            className="max-w-40"
          />
        </Field>
      )}
      <Snippets ware={{ url, method, price, saveAs: null }} title={endpoint.title} />
    </>
  );
}

/** Each file is bought by itself, so one is chosen. */
function OfFolder({ endpoint }: { endpoint: EndpointView }) {
  const { data } = useInfiniteQuery(folderFilesQuery(usePlatform(), endpoint.id));
  const [chosen, setChosen] = useState<string | null>(null);
  const files = data?.pages.flatMap(({ items }) => items).filter(({ price }) => price !== null) ?? [];
  const file = files.find(({ part }) => part === chosen) ?? files[0];
  if (file === undefined || file.url === null) {
    return null;
  }
  return (
    <>
      <Field label={m.endpoints_programs_file()}>
        <Select
          value={file.part}
          onValueChange={setChosen}
          items={files.map(({ part, name }) => ({ value: part, label: name }))}
        />
      </Field>
      <Snippets
        ware={{
          url: file.url,
          method: "GET",
          price: file.price?.formatted ?? endpoint.formatted,
          saveAs: savedAs(`/${file.part}`, file.name),
        }}
        title={file.name}
      />
    </>
  );
}

function Snippets({ ware, title }: { ware: Ware; title: string }) {
  const { data: status } = useQuery(statusQuery(usePlatform()));
  const [language, setLanguage] = useState("curl");
  const snippets = [
    { value: "curl", label: m.endpoints_curl(), code: curlSnippet(ware) },
    { value: "fetch", label: m.endpoints_fetch(), code: fetchSnippet(ware) },
    { value: "axios", label: m.endpoints_axios(), code: axiosSnippet(ware) },
    { value: "python", label: m.endpoints_python(), code: pythonSnippet(ware) },
    { value: "agent", label: m.endpoints_agent(), code: agentPrompt(ware, title) },
  ];
  return (
    <>
      <Tabs
        label={m.endpoints_programs()}
        value={language}
        onValueChange={setLanguage}
        tabs={snippets.map(({ value, label, code }) => ({
          value,
          label,
          panel: <Snippet label={m.endpoints_code_of({ language: label })} code={code} />,
        }))}
      />
      {status?.environment === "practice" && language !== "curl" && language !== "agent" && (
        <p className="text-caption text-text-2">{m.endpoints_practice_note()}</p>
      )}
    </>
  );
}
