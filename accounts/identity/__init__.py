"""Who somebody is, as others vouch for it: providers of identity, their groups, confirmed addresses."""
