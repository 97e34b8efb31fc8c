/// Who may do what in a namespace, read from its bindings: for whoever may read those.
@NullMarked
package dev.berth.dashboard.access;

import org.jspecify.annotations.NullMarked;
