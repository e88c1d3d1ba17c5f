// What every test reads is in English.
import { speak } from "./messages";

await speak("en");
