package io.tidegate.gateway.serve;

import akka.actor.typed.ActorRef;
import io.tidegate.protocol.v1.PullResponse;

/**
 * The receiver's end of a session, as the session sees it. Only the session's actor calls it, except {@link #end}, which
 * anybody may call and which is idempotent; no method blocks.
 */
public interface FrameSink {

    /** The session is there: what the receiver sends goes to it from now on, one message per {@link #requestNext}. */
    void opened(ActorRef<ReceiverSession.Command> session);

    /** Whether the transport takes a message without piling it up; when that changes the session is told so. */
    boolean isReady();

    /** Sends; of no effect after the end. */
    void send(PullResponse response);

    /** The session has dealt with a message of the receiver and takes the next. */
    void requestNext();

    /** The stream is over. */
    void end(RefusalReason reason, String message);
}
