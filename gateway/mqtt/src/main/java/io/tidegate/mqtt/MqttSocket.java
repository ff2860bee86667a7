package io.tidegate.mqtt;

import java.io.BufferedInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.eclipse.paho.mqttv5.client.internal.NetworkModule;
import org.jspecify.annotations.Nullable;

/**
 * The one socket of a connection, in place of Paho's own module. It sets TCP_NODELAY (P19), checks the host's name under
 * TLS, bounds what is read of it ({@link InboundStream}), and can be cut from any thread, which ends all of Paho's threads and
 * never waits for them.
 *
 * <p>Nothing is read before the first byte was written: Paho starts its threads one after the other and waits for each to
 * run, without end if the reader has come and gone, as it does when a broker closes a connection at once.
 *
 * <p>Paho reads a packet's header byte by byte; here one system call reads what has come, and a busy socket is read only so often
 * ({@link PacedInputStream}). Acknowledgements and pings leave beside Paho ({@link OutboundStream}).
 */
final class MqttSocket implements NetworkModule {

    /** How long a read may wait before it does something else; what Paho sets. */
    private static final int READ_MS = 1_000;

    /**
     * What the kernel holds that the broker does not take, acknowledgements in the first place: it would grow the buffer to
     * megabytes, and each acknowledgement in it is a message that comes again when the connection ends.
     */
    private static final int SEND_BUFFER_BYTES = 128 * 1024;

    private static final long SPOKEN_MS = 10_000;
    private static final int READ_BYTES = 16 * 1024;

    private final MqttEndpoint endpoint;
    private final URI address;
    private final int timeoutMs;
    private final boolean tls;
    private final Socket socket;
    private final CountDownLatch spoken = new CountDownLatch(1);
    private volatile @Nullable InboundStream incoming;
    private volatile @Nullable OutboundStream outgoing;

    MqttSocket(MqttEndpoint endpoint) throws IOException {
        this.endpoint = endpoint;
        this.address = address(endpoint.broker());
        this.timeoutMs =
                (int) Math.min(Integer.MAX_VALUE, endpoint.timeouts().connect().toMillis());
        this.tls = "ssl".equals(address.getScheme());
        this.socket = tls ? SSLSocketFactory.getDefault().createSocket() : new Socket();
        socket.setTcpNoDelay(true);
        socket.setSendBufferSize(SEND_BUFFER_BYTES);
    }

    @Override
    public void start() throws IOException {
        socket.connect(new InetSocketAddress(address.getHost(), address.getPort()), timeoutMs);
        if (tls) {
            SSLSocket secure = (SSLSocket) socket;
            SSLParameters parameters = secure.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            secure.setSSLParameters(parameters);
            secure.setSoTimeout(timeoutMs);
            secure.startHandshake();
        }
        socket.setSoTimeout(READ_MS);
    }

    @Override
    public InputStream getInputStream() throws IOException {
        InboundStream made = new InboundStream(
                new Patient(paced(socket.getInputStream())), endpoint.limits().maxPacketBytes());
        incoming = made;
        return made;
    }

    /** A read over TLS brings one record, however many have come: there it is as fast as it goes. */
    private InputStream paced(InputStream in) {
        return tls ? in : new PacedInputStream(in, endpoint.limits().readInterval());
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        OutboundStream made = new OutboundStream(
                new Speaking(socket.getOutputStream()),
                Threads.WORKERS,
                endpoint.limits().receiveMaximum(),
                endpoint.limits().receiveMaximumBytes());
        outgoing = made;
        return made;
    }

    @Override
    public void stop() {
        cut();
    }

    /** Closes the socket: whoever reads, writes or connects fails at once. */
    void cut() {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone all the same.
        }
        OutboundStream of = outgoing;
        if (of != null) {
            of.abandon();
        }
    }

    /** The way in; null before there is a connection. */
    @Nullable
    InboundStream incoming() {
        return incoming;
    }

    /** The way out; null before there is a connection. */
    @Nullable
    OutboundStream outgoing() {
        return outgoing;
    }

    /** Whether it is not read at present, because receive-maximum deliveries are outstanding. */
    boolean isHeld() {
        OutboundStream of = outgoing;
        return of != null && of.isHolding();
    }

    boolean isWithoutDelay() throws IOException {
        return socket.getTcpNoDelay();
    }

    @Override
    public String getServerURI() {
        return address.toString();
    }

    /** Without what an address may hold beside host and port. */
    private static URI address(URI broker) {
        return URI.create(broker.getScheme() + "://" + broker.getHost() + ":" + broker.getPort());
    }

    private final class Speaking extends FilterOutputStream {
        private Speaking(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int b) throws IOException {
            spoken.countDown();
            out.write(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            spoken.countDown();
            out.write(bytes, offset, length);
        }
    }

    private final class Patient extends BufferedInputStream {
        private Patient(InputStream in) {
            super(in, READ_BYTES);
        }

        @Override
        public synchronized int available() throws IOException {
            int held = count - pos;
            return held > 0 || spoken.getCount() > 0 ? held : super.available();
        }

        @Override
        public synchronized int read() throws IOException {
            awaitSpoken();
            return super.read();
        }

        @Override
        public synchronized int read(byte[] bytes, int offset, int length) throws IOException {
            awaitSpoken();
            return super.read(bytes, offset, length);
        }

        private void awaitSpoken() throws IOException {
            try {
                if (!spoken.await(SPOKEN_MS, TimeUnit.MILLISECONDS)) {
                    throw new IOException("CONNECT was not sent");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
    }
}
