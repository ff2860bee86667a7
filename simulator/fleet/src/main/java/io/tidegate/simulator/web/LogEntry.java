package io.tidegate.simulator.web;

/**
 * A request that a planned line says.
 *
 * @param timeMs event time, epoch milliseconds, whole seconds as logs have them
 * @param bytes the size of the response
 */
public record LogEntry(String client, long timeMs, String method, String path, int status, long bytes, String agent) {}
