/// Gives every image build a node to run on. What is built, and how it went, is between the agent
/// of that node and the build's status. Called by the reconcile loop only.
@NullMarked
package dev.berth.controller.build;

import org.jspecify.annotations.NullMarked;
