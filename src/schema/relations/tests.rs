//! Each rule is found where it holds, and not where chance or ranges make it.
