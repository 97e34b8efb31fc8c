/// An operator as somebody else would write it, on java-operator-sdk and nothing of ours: it keeps
/// a ConfigMap for each greeting. A process of its own, since its libraries may not meet ours; the
/// end-to-end tests start it beside Berth and look at the API for what it did.
@NullMarked
package dev.berth.e2e.operator;

import org.jspecify.annotations.NullMarked;
