// Stands in for @types/node where browser code is compiled: apache-arrow asks for it, and Node globals must not resolve there.
export {};
