/**
 * Key groups: the unit of order, of keyed state, of watermark and of assignment. A {@link KeyGroup} actor removes
 * duplicates, gives offsets, knows its devices (presence, silence) and builds the chunks; {@link SeenThrough} knows
 * which receipts are not durable yet and so up to when everything is.
 *
 * <p>Uses the event log. Used by the sources, which admit batches, and by receiver sessions, which tell the time.
 */
@NullMarked
package io.tidegate.gateway.keygroup;

import org.jspecify.annotations.NullMarked;
