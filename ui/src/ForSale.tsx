import type { EndpointView } from "./api/generated/EndpointView";
import type { NetworkView } from "./api/generated/NetworkView";

interface Props {
  endpoints: readonly EndpointView[];
  networks: readonly NetworkView[];
}

/** What is priced, with the links to hand out. */
export function ForSale({ endpoints, networks }: Props) {
  if (endpoints.length === 0) {
    return (
      <>
        <p className="quiet">Nothing yet. For now a file is put up from the command line:</p>
        <pre>
          <code>stallkeeper endpoint add --file photo.jpg --path /photo --price 0.05</code>
        </pre>
      </>
    );
  }
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Title</th>
          <th scope="col">Link</th>
          <th scope="col" className="number">
            Price
          </th>
        </tr>
      </thead>
      <tbody>
        {endpoints.map((endpoint) => (
          <tr key={endpoint.id}>
            <td>
              {endpoint.title}
              {endpoint.state === "paused" && <span className="badge">Paused</span>}
            </td>
            <td className="mono">{endpoint.url ?? endpoint.path}</td>
            <td className="number">{price(endpoint, networks)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function price(endpoint: EndpointView, networks: readonly NetworkView[]): string {
  const asset = networks.find(({ network }) => network === endpoint.network)?.asset;
  return asset ? `${endpoint.formatted} ${asset.name}` : endpoint.formatted;
}
