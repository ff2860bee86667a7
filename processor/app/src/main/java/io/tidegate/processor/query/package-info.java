/**
 * What is asked: the queries of {@code processor.conf} as values, and the evaluation of their {@code where}, {@code by}
 * and {@code value} on one event after the other. The expressions are Spark SQL, parsed and resolved by Catalyst without
 * a session, without a Dataset and without a plan in the hot path; a plain column costs no Catalyst at all.
 *
 * <p>Uses settings, the event model and Catalyst. Used by the job.
 */
@NullMarked
package io.tidegate.processor.query;

import org.jspecify.annotations.NullMarked;
