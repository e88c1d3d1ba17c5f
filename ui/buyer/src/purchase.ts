import { type Answer, ask, isOver, type Proof, type Reason } from "./ask";
import type { PaymentRequired } from "./contract";
import { keepable } from "./grant";
import type { KeptPayment } from "./keep";
import { formatPrice } from "./money";
import { type Choice, choicesOf, isSameWay } from "./offer";
import { noticeOf, wayFrom } from "./refusal";
import { signInFor, signInHeader } from "./signin";
import { authorizationFor, paymentHeader, typedData } from "./signing";
import type { Notice, Purpose, State } from "./state";
import type { Surroundings } from "./surroundings";
import * as wallet from "./wallet";
import type { FoundWallet } from "./wallets";

/** A payment that is being settled is asked about this often before the buyer is asked to come back. */
const SETTLING_TRIES = 30;

/** A closed stall is looked at again no sooner than this, whatever it says. */
const CLOSED_S = 30;

/** The way from an offer to a grant: each method is something a buyer does, each ends in a state that is shown. */
export class Purchase {
  readonly #around: Surroundings;
  #terms: PaymentRequired | null;
  #choices: Choice[];
  #chosen = 0;
  #wallet: FoundWallet | null = null;
  #unhear = () => {};
  #payer: string | null = null;
  /** The link that is kept leads nowhere any more. */
  #isOver = false;
  #state: State = { is: "choosing", notice: null };
  purpose: Purpose = "pay";

  constructor(around: Surroundings) {
    this.#around = around;
    this.#terms = around.offer.paymentRequired;
    this.#choices = choicesOf(this.#terms, around.offer.page.networks);
  }

  get state(): State {
    return this.#state;
  }

  get choices(): readonly Choice[] {
    return this.#choices;
  }

  /** How the buyer wants to pay: the seller's first choice until another one is made. */
  get choice(): Choice | null {
    return this.#choices[this.#chosen] ?? null;
  }

  /** Whether whoever has paid can show so without signing a payment. What a service does is nobody's afterwards. */
  get canSignIn(): boolean {
    const isService = this.#around.offer.page.kind === "service";
    return !isService && this.#terms?.extensions?.["sign-in-with-x"] !== undefined;
  }

  /** What a fresh page shows. */
  async start(): Promise<void> {
    const { keep, offer } = this.#around;
    const { closed, method } = offer.page;
    const grant = keep.grant();
    const payment = keep.payments()[0];
    if (grant !== null) {
      this.#show({ is: "owned", grant, isFresh: false, isOver: false });
      await this.#lookAtGrant();
    } else if (method !== "GET") {
      this.#show({ is: "programsOnly" });
    } else if (payment !== undefined) {
      this.#show({ is: "kept", payment, why: "reloaded", sentence: null, seconds: null });
    } else if (closed !== null) {
      this.#show({ is: "closed", sentence: closed.sentence, seconds: closed.retryAfterSeconds });
    } else {
      this.#open(null);
    }
  }

  /** Another tab may have bought it. */
  otherTab(): void {
    if (!["working", "owned", "bought"].includes(this.#state.is)) {
      this.#isOwned();
    }
  }

  choose(index: number): void {
    this.#chosen = index;
    this.#show(this.#state);
  }

  /** Back to the wallets. */
  back(purpose: Purpose = this.purpose): void {
    this.purpose = purpose;
    this.#open(null);
  }

  /** The buyer picks a wallet. */
  async use(found: FoundWallet): Promise<void> {
    this.#listenTo(found);
    await this.#withWallet(async () => {
      this.#work("connecting");
      this.#payer = await wallet.connect(found.provider);
      this.#around.keep.setLastWallet(found.rdns);
      if (this.purpose === "prove") {
        await this.#prove();
      } else {
        await this.prepare(null);
      }
    });
  }

  /** Looks at network and balance, and shows what would be signed. */
  async prepare(notice: Notice | null): Promise<void> {
    const { keep, offer } = this.#around;
    const found = this.#wallet;
    const payer = this.#payer;
    const choice = this.choice;
    if (found === null || payer === null || choice === null) {
      this.#open(notice);
      return;
    }
    const kept = keep.payment(payer);
    if (kept !== null) {
      await this.resume(kept);
      return;
    }
    await this.#withWallet(async () => {
      if (!(await wallet.isOnNetwork(found.provider, choice))) {
        this.#work("switching");
        try {
          await wallet.switchNetwork(found.provider, choice);
        } catch (error) {
          const { trouble } = error as wallet.WalletError;
          this.#show({ is: "wrongNetwork", trouble: trouble === "busy" ? "failed" : trouble });
          return;
        }
      }
      this.#work("checking");
      // In practice the wallet's own node speaks for another chain of the same number.
      const isAskable = offer.page.environment !== "practice";
      const balance = isAskable ? await wallet.balance(found.provider, choice, payer) : null;
      if (balance !== null && balance < choice.amount) {
        this.#show({ is: "short", payer, balance });
      } else {
        this.#show({ is: "reviewing", payer, balance, notice });
      }
    });
  }

  /** The buyer has read what is signed, and signs. */
  async pay(): Promise<void> {
    let isChanged = false;
    await this.#alone(async () => {
      const { keep, now } = this.#around;
      const found = this.#wallet;
      const payer = this.#payer;
      const choice = this.choice;
      const terms = this.#terms;
      if (found === null || payer === null || choice === null || terms === null) {
        this.#open(null);
        return;
      }
      const kept = keep.payment(payer);
      if (kept !== null) {
        await this.#send(kept, null);
        return;
      }
      await this.#withWallet(async () => {
        // What was shown must be what is signed with.
        const isSamePayer = (await wallet.account(found.provider)) === payer;
        isChanged = !isSamePayer || !(await wallet.isOnNetwork(found.provider, choice));
        if (isChanged) {
          return;
        }
        this.#work("signing");
        const authorization = authorizationFor(choice, payer, now());
        const signature = await wallet.signTyped(found.provider, payer, typedData(choice, authorization));
        // What another tab kept just before its turn ended may be seen late; what was not sent costs nothing.
        if (this.#isOwned()) {
          return;
        }
        const payment: KeptPayment = {
          payer,
          header: paymentHeader(terms, choice, authorization, signature),
          price: formatPrice(choice.amount, choice.token),
          signedAt: now().getTime(),
          validBefore: Number(authorization.validBefore),
        };
        keep.setPayment(payment);
        await this.#send(payment, choice);
      });
    });
    if (isChanged) {
      await this.#walletChanged();
    }
  }

  /** Sends again what was signed before, as it is. */
  async resume(payment: KeptPayment): Promise<void> {
    await this.#alone(() => this.#send(payment, null));
  }

  /** Asks a stall that was closed. */
  async lookAgain(): Promise<void> {
    await this.#answered(await this.#ask());
  }

  #listenTo(found: FoundWallet): void {
    this.#unhear();
    this.#wallet = found;
    this.#unhear = wallet.onChange(found.provider, () => {
      if (["reviewing", "short", "wrongNetwork"].includes(this.#state.is)) {
        void this.#walletChanged();
      }
    });
  }

  /** The wallet's account or network changed under what is being shown. */
  async #walletChanged(): Promise<void> {
    const before = this.#payer;
    this.#payer = this.#wallet && (await wallet.account(this.#wallet.provider).catch(() => null));
    await this.prepare(before === this.#payer ? null : { is: "accountChanged" });
  }

  async #prove(): Promise<void> {
    const found = this.#wallet;
    const payer = this.#payer;
    if (found === null || payer === null) {
      return;
    }
    this.#work("checking");
    // The question is good for a few minutes only, and this page may be older.
    const asked = await this.#ask();
    if (asked.is !== "terms") {
      await this.#answered(asked);
      return;
    }
    this.#adopt(asked.terms);
    const signIn = signInFor(asked.terms, payer, this.#around.origin);
    if (signIn === null) {
      this.purpose = "pay";
      this.#open({ is: "noSignIn" });
      return;
    }
    this.#work("signingIn");
    const signature = await wallet.signText(found.provider, payer, signIn.text);
    this.#work("sending");
    const answer = await this.#ask({ "SIGN-IN-WITH-X": signInHeader(signIn, signature) });
    if (answer.is === "terms") {
      this.#adopt(answer.terms);
      this.#open({ is: "notOwner" });
    } else {
      await this.#answered(answer);
    }
  }

  /** One tab at a time; the others wait and see what came of it. */
  async #alone(work: () => Promise<void>): Promise<void> {
    const { turn } = this.#around;
    const isDone = await turn.take(async () => {
      if (!this.#isOwned()) {
        await work();
      }
    });
    if (!isDone) {
      this.#show({ is: "elsewhere" });
      await turn.free();
      if (this.#state.is === "elsewhere") {
        await this.start();
      }
    }
  }

  /** Shows what this browser has bought already, if it has. */
  #isOwned(): boolean {
    const grant = this.#around.keep.grant();
    if (grant === null || this.#isOver) {
      return false;
    }
    this.#show({ is: "owned", grant, isFresh: false, isOver: false });
    return true;
  }

  async #send(payment: KeptPayment, signedFor: Choice | null): Promise<void> {
    const { keep, pause } = this.#around;
    this.#work("sending");
    for (let tries = 0; ; tries += 1) {
      const answer = await this.#ask({ "PAYMENT-SIGNATURE": payment.header });
      switch (answer.is) {
        case "settling":
          if (tries < SETTLING_TRIES) {
            this.#work("settling");
            await pause(answer.seconds);
            continue;
          }
          this.#show({ is: "kept", payment, why: "settling", sentence: null, seconds: answer.seconds });
          return;
        case "silent":
          this.#show({ is: "kept", payment, why: "silent", sentence: null, seconds: null });
          return;
        case "away":
          this.#show({
            is: "kept",
            payment,
            why: "away",
            sentence: answer.sentence,
            seconds: answer.seconds,
          });
          return;
        case "gone":
          // Who has paid for what is gone may still be served by this payment, should the seller bring it back.
          this.#show({ is: "gone" });
          return;
        case "terms":
          keep.dropPayment(payment);
          await this.#refused(answer.terms, answer.reason, signedFor);
          return;
        case "failed":
        case "called":
          keep.dropPayment(payment);
          await this.#answered(answer);
          return;
        case "grant":
        case "body":
          // In this order: what was bought is kept before its payment is forgotten.
          await this.#answered(answer, payment);
          keep.dropPayment(payment);
          return;
      }
    }
  }

  async #refused(terms: PaymentRequired, reason: Reason, signedFor: Choice | null): Promise<void> {
    this.#adopt(terms);
    const way = wayFrom(reason, signedFor, this.#choices, this.#payer);
    switch (way.to) {
      case "state":
        this.#show(way.state);
        return;
      case "wallets":
        this.#open(way.notice);
        return;
      case "review":
        await this.#again(way.notice);
        return;
    }
  }

  async #answered(answer: Answer, payment: KeptPayment | null = null): Promise<void> {
    switch (answer.is) {
      case "grant":
        this.#granted(answer.grant, payment?.payer ?? this.#payer);
        return;
      case "body":
        this.#show({ is: "bought", body: answer.body });
        return;
      case "terms":
        this.#adopt(answer.terms);
        this.#open(null);
        return;
      case "failed":
        await this.#again({ is: "failed", sentence: answer.reason.sentence });
        return;
      case "called":
        this.#open({ is: "alreadyCalled" });
        return;
      case "gone":
        this.#show({ is: "gone" });
        return;
      case "settling":
      case "away": {
        const seconds = Math.max(answer.seconds ?? CLOSED_S, 1);
        this.#show({ is: "closed", sentence: "sentence" in answer ? answer.sentence : null, seconds });
        return;
      }
      case "silent":
        this.#show({ is: "closed", sentence: null, seconds: CLOSED_S });
        return;
    }
  }

  #granted(answer: Extract<Answer, { is: "grant" }>["grant"], payer: string | null): void {
    const { keep, now, offer, origin } = this.#around;
    const grant = keepable(answer, offer.page, origin, payer, now());
    keep.setGrant(grant);
    this.#isOver = false;
    this.#show({ is: "owned", grant, isFresh: true, isOver: false });
  }

  /** Links end; whoever has bought can get another one. */
  async #lookAtGrant(): Promise<void> {
    const state = this.#state;
    if (state.is === "owned" && (await isOver(state.grant.grant)) && this.#state === state) {
      this.#isOver = true;
      this.#show({ ...state, isOver: true });
    }
  }

  #ask(proof?: Proof): Promise<Answer> {
    return ask(this.#around.address, this.#around.offer.page.kind === "service", proof);
  }

  /** Takes over the terms of today, and stays with the way to pay that was chosen. */
  #adopt(terms: PaymentRequired): void {
    const before = this.choice;
    this.#terms = terms;
    this.#choices = choicesOf(terms, this.#around.offer.page.networks);
    const same = before === null ? -1 : this.#choices.findIndex((choice) => isSameWay(choice, before));
    this.#chosen = Math.max(same, 0);
  }

  /** Shows what would be signed now, where a wallet is open, else the wallets. */
  async #again(notice: Notice): Promise<void> {
    if (this.#wallet === null || this.#payer === null) {
      this.#open(notice);
    } else {
      await this.prepare(notice);
    }
  }

  #open(notice: Notice | null): void {
    this.#show(this.choice === null ? { is: "nothingPayable" } : { is: "choosing", notice });
  }

  #work(step: Extract<State, { is: "working" }>["step"]): void {
    this.#show({ is: "working", step, wallet: this.#wallet?.name ?? "" });
  }

  #show(state: State): void {
    this.#state = state;
    this.#around.show(state);
  }

  /** What a wallet refuses leads calmly back to where the buyer was. */
  async #withWallet(work: () => Promise<void>): Promise<void> {
    const before = this.#state;
    try {
      await work();
    } catch (error) {
      if (!(error instanceof wallet.WalletError)) {
        throw error;
      }
      const notice = noticeOf(error);
      if (before.is === "reviewing") {
        this.#show({ ...before, notice });
      } else {
        this.#open(notice);
      }
    }
  }
}
