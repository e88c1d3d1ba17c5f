import { beforeEach, describe, expect, test } from "vitest";
import { Keep, type KeptGrant, type KeptPayment } from "./keep";
import { PAYER } from "./testing";

class MemoryStorage {
  isFull = false;

  setItem(name: string, value: string): void {
    if (this.isFull) {
      throw new Error("QuotaExceededError");
    }
    Object.assign(this, { [name]: value });
  }

  getItem(name: string): string | null {
    return (this as unknown as Record<string, string>)[name] ?? null;
  }

  removeItem(name: string): void {
    delete (this as unknown as Record<string, string>)[name];
  }
}

const PAYMENT: KeptPayment = { payer: PAYER, header: "e30=", price: "$0.05", signedAt: 1, validBefore: 2 };
const GRANT: KeptGrant = {
  grant: "https://stall.example/d/a",
  receipt: null,
  status: null,
  fileName: "a.pdf",
  sizeBytes: 3,
  files: [],
  payer: PAYER,
  since: 4,
};

let storage: MemoryStorage;
const open = (address = "/guide", environment: "live" | "test" = "live") =>
  new Keep(storage as unknown as Storage, address, environment);

beforeEach(() => {
  storage = new MemoryStorage();
});

describe("a signed payment", () => {
  test("is there after the page was loaded anew, for its payer", () => {
    open().setPayment(PAYMENT);
    expect(open().payment(PAYER.toLowerCase())).toEqual(PAYMENT);
    expect(open().payments()).toEqual([PAYMENT]);
  });

  test("is of one endpoint in one environment", () => {
    open().setPayment(PAYMENT);
    expect(open("/guide2").payments()).toEqual([]);
    expect(open("/guide?code=x").payments()).toEqual([]);
    expect(open("/guide", "test").payments()).toEqual([]);
  });

  test("is forgotten only if it still is the one that is meant", () => {
    const keep = open();
    keep.setPayment({ ...PAYMENT, header: "W10=" });
    keep.dropPayment(PAYMENT);
    expect(keep.payments()).toHaveLength(1);
    keep.dropPayment({ ...PAYMENT, header: "W10=" });
    expect(keep.payments()).toEqual([]);
  });

  test("is remembered as long as the page is open where the browser keeps nothing", () => {
    storage.isFull = true;
    const keep = open();
    keep.setPayment(PAYMENT);
    expect(keep.payments()).toEqual([PAYMENT]);
    const forbidden = new Keep(null, "/guide", "live");
    forbidden.setPayment(PAYMENT);
    expect(forbidden.payment(PAYER)).toEqual(PAYMENT);
  });
});

test("a grant is kept as it was given", () => {
  open().setGrant(GRANT);
  expect(open().grant()).toEqual(GRANT);
  expect(open("/other").grant()).toBeNull();
});

test("what somebody else wrote there is not believed", () => {
  for (const value of ["", "null", "[]", "{}", '{"grant":1,"since":2}', '{"grant":"/d/a","since":-1}']) {
    storage.setItem("stallkeeper live /guide grant", value);
    storage.setItem(`stallkeeper live /guide payment ${PAYER.toLowerCase()}`, value);
    expect(open().grant()).toBeNull();
    expect(open().payments()).toEqual([]);
  }
});
