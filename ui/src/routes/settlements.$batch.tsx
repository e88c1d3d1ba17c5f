import { createFileRoute } from "@tanstack/react-router";
import { page } from "../page";

export const Route = createFileRoute("/settlements/$batch")({ component: page("batch") });
