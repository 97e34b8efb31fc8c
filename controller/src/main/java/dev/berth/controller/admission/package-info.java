/// The steps that a wanted object passes before it is stored: unknown fields named, defaults
/// applied, values and cross-field rules validated, fields that this Berth does not honour refused
/// or warned about. Invariant: every error is collected before any is reported. Pure tree
/// operations, called by `resource` on the thread of the request.
@NullMarked
package dev.berth.controller.admission;

import org.jspecify.annotations.NullMarked;
