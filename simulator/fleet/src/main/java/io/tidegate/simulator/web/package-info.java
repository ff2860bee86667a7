/**
 * Web traffic: visitors and robots that read pages, written as the access log of a web server, and logs that are played
 * again. {@link io.tidegate.simulator.web.WebPlan} and {@link io.tidegate.simulator.web.Replay} say which line leaves
 * when and are pure; {@link io.tidegate.simulator.web.WebRun} sends them through a
 * {@link io.tidegate.simulator.web.LineOutlet}.
 */
@NullMarked
package io.tidegate.simulator.web;

import org.jspecify.annotations.NullMarked;
