/// What can be said of the dashboard's pages without a browser: that they are whole (every import
/// leads somewhere) and that none of them turns text into markup or code.
@NullMarked
package dev.berth.dashboard.pages;

import org.jspecify.annotations.NullMarked;
