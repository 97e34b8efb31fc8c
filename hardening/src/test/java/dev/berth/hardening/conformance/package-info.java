/// Which of Kubernetes' conformance rows hold, and by which tests. A test says so itself, with a
/// JUnit tag: one `conformance:FEATURE/N` for each row that it, with the others of that tag, shows
/// in every part, or `conformance-part:FEATURE/N`. The page is made from the compiled tests of all
/// modules and the reports of their run.
@NullMarked
package dev.berth.hardening.conformance;

import org.jspecify.annotations.NullMarked;
