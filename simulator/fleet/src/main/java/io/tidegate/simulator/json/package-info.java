/**
 * JSON as all rooms read and write it. Every room that reads results or pages, or writes a report, calls it. It calls only
 * Jackson.
 */
@NullMarked
package io.tidegate.simulator.json;

import org.jspecify.annotations.NullMarked;
