import { createFileRoute } from "@tanstack/react-router";
import { WalletPage } from "../features/settings/wallet/WalletPage";

export const Route = createFileRoute("/settings/wallet")({ component: WalletPage });
