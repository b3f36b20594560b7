// Leads host names to a port of this machine: `LED_HERE="name,name=port"`. Loaded before the client, which knows nothing
// of it: what a private /etc/hosts and a redirected port would do, without being root.

import tls from "node:tls";

const [names, port] = process.env.LED_HERE.split("=");
const { connect } = tls;

tls.connect = (options, ...rest) => {
  const host = options.host ?? options.hostname;
  if (!names.split(",").includes(host)) return connect(options, ...rest);
  return connect({ ...options, host: "127.0.0.1", hostname: "127.0.0.1", port, servername: host }, ...rest);
};
