// MSAL for Node. Arguments: the case, a JSON file about the emulator. Prints what it got as JSON.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ConfidentialClientApplication, CryptoProvider, PublicClientApplication } from "@azure/msal-node";

import { signIn } from "./person.mjs";

const GRAPH = ["User.Read"];
const DEFAULT = ["https://graph.microsoft.com/.default"];

/** The emulator's host is Microsoft's to nobody, so it has to be named; so has the host of B2C's issuer. */
function application(emulator, credential, authority) {
  return new ConfidentialClientApplication({
    auth: {
      clientId: emulator.app,
      authority: authority ?? `${emulator.url}/${emulator.tenant}`,
      knownAuthorities: [new URL(emulator.url).host, `${emulator.b2c.name}.b2clogin.com`],
      ...(credential ?? { clientSecret: emulator.secret }),
    },
  });
}

async function byCode(app, emulator, account, scopes) {
  const crypto = new CryptoProvider();
  const { verifier, challenge } = await crypto.generatePkceCodes();
  const [state, nonce] = [crypto.createNewGuid(), crypto.createNewGuid()];
  const asked = { scopes, redirectUri: emulator.redirect_uri, state, nonce };
  const url = await app.getAuthCodeUrl({ ...asked, codeChallenge: challenge, codeChallengeMethod: "S256" });
  const answer = await signIn(url, account, emulator.redirect_uri);
  return app.acquireTokenByCode({ ...asked, codeVerifier: verifier, code: answer.code }, answer);
}

const cases = {
  authorization_code: (emulator) => byCode(application(emulator), emulator, emulator.account, GRAPH),

  async refresh(emulator) {
    const app = application(emulator);
    const first = await byCode(app, emulator, emulator.account, GRAPH);
    const cached = await app.acquireTokenSilent({ account: first.account, scopes: GRAPH });
    const renewed = await app.acquireTokenSilent({ account: first.account, scopes: GRAPH, forceRefresh: true });
    return { first, cached, renewed };
  },

  client_credentials: (emulator) => application(emulator).acquireTokenByClientCredential({ scopes: DEFAULT }),

  async certificate(emulator) {
    const clientCertificate = {
      thumbprintSha256: emulator.sha256,
      privateKey: emulator.key,
      x5c: emulator.certificate,
    };
    const app = application(emulator, { clientCertificate });
    return {
      app: await app.acquireTokenByClientCredential({ scopes: DEFAULT }),
      user: await byCode(app, emulator, emulator.account, GRAPH),
    };
  },

  assertion: (emulator) =>
    application(emulator, { clientAssertion: emulator.assertion }).acquireTokenByClientCredential({ scopes: DEFAULT }),

  /** The code is typed before the client asks for the first time, so that it need not wait. */
  device_code(emulator) {
    const { url, tenant, public_app: clientId } = emulator;
    const app = new PublicClientApplication({
      auth: { clientId, authority: `${url}/${tenant}`, knownAuthorities: [new URL(url).host] },
    });
    const script = fileURLToPath(new URL("enter_code.mjs", import.meta.url));
    const deviceCodeCallback = ({ verificationUri, userCode }) =>
      execFileSync(process.execPath, [script, verificationUri, userCode, emulator.account]);
    return app.acquireTokenByDeviceCode({ scopes: GRAPH, deviceCodeCallback });
  },

  async on_behalf_of(emulator) {
    const app = application(emulator);
    const own = await byCode(app, emulator, emulator.account, [`api://${emulator.app}/access_as_user`]);
    return application(emulator).acquireTokenOnBehalfOf({ oboAssertion: own.accessToken, scopes: GRAPH });
  },

  /** With every option at its default, instance discovery included. */
  async under_microsofts_names(emulator) {
    await import("./led_here.mjs");
    const { tenant, app: clientId, secret: clientSecret } = emulator;
    const authority = `https://login.microsoftonline.com/${tenant}`;
    const app = new ConfidentialClientApplication({ auth: { clientId, clientSecret, authority } });
    return {
      user: await byCode(app, emulator, emulator.account, GRAPH),
      app: await app.acquireTokenByClientCredential({ scopes: DEFAULT }),
    };
  },

  b2c(emulator) {
    const { b2c } = emulator;
    const app = application({ ...emulator, ...b2c }, undefined, `${emulator.url}/${b2c.domain}/${b2c.policy}`);
    return byCode(app, emulator, b2c.account, [b2c.app]);
  },
};

const [name, file] = process.argv.slice(2);
const result = await cases[name](JSON.parse(readFileSync(file, "utf8")));
console.log(JSON.stringify(result));
