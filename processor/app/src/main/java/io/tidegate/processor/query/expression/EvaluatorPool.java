package io.tidegate.processor.query.expression;

import io.tidegate.processor.query.RowExpressions;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;

/** Compiled evaluators of this JVM, lent to one task at a time: a batch of a second has no time to compile. */
public final class EvaluatorPool {

    private static final Map<RowExpressions, Deque<RowEvaluator>> IDLE = new ConcurrentHashMap<>();

    private EvaluatorPool() {}

    /** One that nobody else uses until it is {@linkplain #giveBack given back}. */
    public static RowEvaluator borrow(RowExpressions expressions) {
        RowEvaluator idle = idle(expressions).pollFirst();
        if (idle != null) {
            return idle;
        }
        try {
            return RowEvaluator.of(expressions);
        } catch (InvalidSqlException e) {
            throw new IllegalStateException("an expression that was good at the start: " + expressions, e);
        }
    }

    /** For the next task. */
    public static void giveBack(RowExpressions expressions, RowEvaluator evaluator) {
        idle(expressions).addFirst(evaluator);
    }

    private static Deque<RowEvaluator> idle(RowExpressions expressions) {
        return IDLE.computeIfAbsent(expressions, e -> new ConcurrentLinkedDeque<>());
    }
}
