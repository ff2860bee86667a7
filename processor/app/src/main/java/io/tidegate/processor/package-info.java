/**
 * The processor: it pulls events from the gateway with Spark, answers queries over them, and sends the results to their
 * sinks. {@link io.tidegate.processor.Main} reads the command line, {@code Processor} starts, watches and stops one run.
 *
 * <pre>
 *  settings ─▶ query ─▶ dstream or structured ─▶ aggregate ─▶ result ─▶ sink
 * </pre>
 *
 * <p>Called by the launcher and by spark-submit. Calls {@code settings}, {@code checkpoint}, {@code dstream}, {@code
 * structured}, {@code replay} and {@code ops}.
 */
@NullMarked
package io.tidegate.processor;

import org.jspecify.annotations.NullMarked;
