"""What tests of several folders share: waiting for things, servers of their own, browsers, parallel runs."""
