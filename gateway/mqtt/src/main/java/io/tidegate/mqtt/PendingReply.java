package io.tidegate.mqtt;

import java.util.concurrent.CompletableFuture;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttActionListener;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The broker's answer to one request. Paho calls a refusal a success (P8), so the reason codes decide. Whoever asked may
 * complete it as well, with a time-out: {@code ended} runs when Paho is done with the request, and only then.
 */
final class PendingReply extends CompletableFuture<Void> implements MqttActionListener {

    private static final Logger LOG = LoggerFactory.getLogger(PendingReply.class);

    private final String what;
    private final Runnable ended;

    PendingReply(String what, Runnable ended) {
        this.what = what;
        this.ended = ended;
    }

    @Override
    public void onSuccess(IMqttToken token) {
        int worst = 0;
        int[] codes = token.getReasonCodes();
        for (int i = 0; codes != null && i < codes.length; i++) {
            worst = Math.max(worst, codes[i]);
        }
        guarded(ended);
        if (worst >= ReasonCode.REFUSED) {
            end(new RefusedException(what, worst));
        } else {
            guarded(() -> complete(null));
        }
    }

    @Override
    public void onFailure(IMqttToken token, Throwable failure) {
        guarded(ended);
        end(failure(what, failure));
    }

    void end(Exception failure) {
        guarded(() -> completeExceptionally(failure));
    }

    /** What Paho throws, as ours. */
    static Exception failure(String what, Throwable failure) {
        if (failure instanceof MqttException mqtt) {
            int code = mqtt.getReasonCode();
            if (code >= ReasonCode.REFUSED && code <= 0xFF) {
                return new RefusedException(what, code);
            }
        }
        return new ConnectionLostException(what + ": " + reason(failure), failure);
    }

    static String reason(Throwable failure) {
        Throwable deepest = failure.getCause() != null ? failure.getCause() : failure;
        return deepest.getMessage() != null ? deepest.getMessage() : deepest.toString();
    }

    private static void guarded(Runnable completion) {
        try {
            completion.run();
        } catch (Throwable e) {
            LOG.error("What depends on a broker's answer failed", e);
        }
    }
}
