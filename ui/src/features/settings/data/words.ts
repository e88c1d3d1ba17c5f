import type { DataOfEnvironment } from "../../../api/generated/DataOfEnvironment";
import { m } from "../../../i18n/messages";
import { formatCount } from "../../../lib/money";

interface Words {
  name(): string;
  /** Over the question whether all of it is deleted. */
  question(): string;
  /** While it waits for the next start. */
  waits(): string;
}

const WORDS: Partial<Record<string, Words>> = {
  practice: {
    name: m.data_of_practice,
    question: m.data_delete_title_practice,
    waits: m.data_waits_practice,
  },
  test: { name: m.data_of_test, question: m.data_delete_title_test, waits: m.data_waits_test },
  live: { name: m.data_of_live, question: m.data_delete_title_live, waits: m.data_waits_live },
};

/** What is said of an environment. */
export function wordsOf(environment: string): Words {
  const known = WORDS[environment];
  const itself = () => environment;
  return known ?? { name: itself, question: itself, waits: itself };
}

/** How much an environment has, for a sentence. */
export function countsOf({ endpoints, payments }: DataOfEnvironment) {
  return {
    endpoints: m.data_endpoints({ count: endpoints, number: formatCount(endpoints) }),
    payments: m.data_payments({ count: payments, number: formatCount(payments) }),
  };
}
