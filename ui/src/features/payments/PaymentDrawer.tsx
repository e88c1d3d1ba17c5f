export function PaymentDrawer({ payment }: { payment: string }) {
  return <p>{payment}</p>;
}
