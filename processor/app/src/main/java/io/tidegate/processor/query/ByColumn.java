package io.tidegate.processor.query;

import java.io.Serializable;

/**
 * One entry of {@code by}.
 *
 * @param name its name in results
 * @param expression a column, or any expression of Spark SQL; it may carry its name
 */
public record ByColumn(String name, String expression) implements Serializable {}
