/**
 * What the processor tells over HTTP: is it alive, can it do its work and why not, its metrics, its ledger, its queries.
 *
 * <p>Uses Netty as Spark brings it, Jackson and Micrometer. Used by {@code Main}'s start-up; fed by the job.
 */
@NullMarked
package io.tidegate.processor.http;

import org.jspecify.annotations.NullMarked;
