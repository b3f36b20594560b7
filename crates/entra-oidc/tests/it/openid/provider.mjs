// A certified OpenID provider on loopback. Signs "adele" in without asking anybody, says on its first line of output
// where it is, and ends when its input does.

import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

const given = JSON.parse(process.argv[2]);

const rsa = createPrivateKey({ key: Buffer.from(given.signing_key, 'base64'), format: 'der', type: 'pkcs8' });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const jwk = (key, kid) => ({ ...key.export({ format: 'jwk' }), kid, use: 'sig' });

const client = ({ id, algorithm, method }) => ({
  client_id: id,
  // A certificate is known by its key, which is the provider's own here.
  ...(method === 'private_key_jwt'
    ? { jwks: { keys: [createPublicKey(rsa).export({ format: 'jwk' })] } }
    : { client_secret: given.client_secret }),
  token_endpoint_auth_method: method,
  id_token_signed_response_alg: algorithm,
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  redirect_uris: [given.redirect_uri],
  post_logout_redirect_uris: [given.post_logout_redirect_uri],
  backchannel_logout_uri: given.backchannel_logout_uri,
  backchannel_logout_session_required: true,
});

const configuration = {
  clients: given.clients.map(client),
  jwks: { keys: [jwk(rsa, 'rsa'), jwk(ec, 'ec')] },
  cookies: { keys: ['only for this test'] },
  claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'] },
  features: {
    devInteractions: { enabled: false },
    backchannelLogout: { enabled: true },
    rpInitiatedLogout: { enabled: true },
    userinfo: { enabled: true },
  },
  pkce: { required: () => true },
  // The application that is told of a sign-out is on loopback too, where the provider would not connect to by itself.
  fetch: (url, { dispatcher, ...options }) => fetch(url, options),
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, name: 'Adele Vance', email: 'adele@contoso.example', email_verified: true }),
  }),
};

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, configuration);
  provider.on('backchannel.error', (_, error) => console.error('back-channel logout:', error));
  const answer = provider.callback();
  server.on('request', (request, response) => {
    if (!request.url.startsWith('/interaction/')) return answer(request, response);
    return agree(provider, request, response).catch((error) => {
      response.writeHead(500).end(String(error));
    });
  });
  console.log(JSON.stringify({ issuer }));
});

// What the user would do on the provider's pages: sign in, then consent to all that is missing.
async function agree(provider, request, response) {
  const { prompt, params, session, grantId } = await provider.interactionDetails(request, response);
  if (prompt.name === 'login') {
    return provider.interactionFinished(request, response, { login: { accountId: 'adele' } });
  }
  const grant = grantId
    ? await provider.Grant.find(grantId)
    : new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
}

process.stdin.on('end', () => process.exit()).resume();
