/// A person in front of the example's page: a real browser, real strokes. Runs against a Berth that
/// is up already, only when `-Dberth.browser.url` says where.
@NullMarked
package dev.berth.cli.browser;

import org.jspecify.annotations.NullMarked;
