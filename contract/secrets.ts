import { secretNames } from "../components/secret-names";

/** A secret that some service reads. People put its value in; it is a JSON object. */
export interface SecretContract {
    /** What it is for. */
    meaning: string;
    /** Keys of the JSON object, and what each holds. */
    keys: Record<string, string>;
}

/** Every secret, by the last part of its name. Feeds with an app key of their own have more of the kind `kis-credentials`. */
export const secrets: Record<string, SecretContract> = {
    [secretNames.account]: {
        meaning: "Account at KIS that the platform trades for.",
        keys: {
            account_number: "Account number (CANO), 8 digits.",
            product_code: "Product code (ACNT_PRDT_CD), 2 digits.",
            hts_id: "Id of the account's owner in KIS's trading system.",
        },
    },
    [secretNames.tradingAppKey]: {
        meaning: "App key of the KIS Open API with which the platform trades, and one feed listens.",
        keys: { app_key: "App key.", app_secret: "App secret." },
    },
    [secretNames.notification]: {
        meaning: "Where notifications go. A key that is missing or empty turns its channel off.",
        keys: {
            slack_webhook_url: "URL of a Slack incoming webhook.",
            telegram_bot_token: "Token of a Telegram bot.",
            telegram_chat_id: "Chat that the bot writes to.",
        },
    },
    [secretNames.webSocketSigningKey]: {
        meaning: "Key with which the tokens of WebSocket clients are signed.",
        keys: { signing_key: "Secret of HMAC SHA-256 (HS256), 32 random bytes or more, in base64." },
    },
};
