export function EndpointDrawer({ endpoint }: { endpoint: string }) {
  return <p>{endpoint}</p>;
}
