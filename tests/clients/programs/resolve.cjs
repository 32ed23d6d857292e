// Read by Node before a client is: the name of the client's service lies on a port of loopback.
const tls = require("node:tls");
const { connect } = tls;

tls.connect = (options, ...rest) => {
  if (options.host !== process.env.RESOLVED_NAME) return connect(options, ...rest);
  const port = Number(process.env.RESOLVED_PORT);
  return connect({ ...options, host: "127.0.0.1", port, servername: options.host }, ...rest);
};
