using System.IO.Pipelines;
using TelemetryHub.Mqtt.Client.Sessions;
using TelemetryHub.Mqtt.Packets;
using TelemetryHub.Mqtt.Properties;

namespace TelemetryHub.Mqtt.Client.Connections;

/// <summary>One accepted connection, until it ends; a reconnect makes another. It ends once, with one reason.</summary>
internal sealed class Connection : IAsyncDisposable
{
    // How long a goodbye may take before the connection is closed without it.
    private static readonly TimeSpan GoodbyeTimeout = TimeSpan.FromSeconds(2);

    private readonly MqttClientOptions _options;
    private readonly TimeProvider _time;
    private readonly ConnectAttempt _attempt;
    private readonly Transport _transport;
    private readonly PipeReader _reader;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<ConnectionEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private KeepAlive? _keepAlive;
    private Task _reading = Task.CompletedTask;
    private long _lastReceived;
    private bool _isHeldBack;
    private bool _saysGoodbye;

    private Connection(MqttClientOptions options, TimeProvider time, ConnectAttempt attempt, Opened opened)
    {
        (_options, _time, _attempt, _transport, _reader, Result) = (options, time, attempt, opened.Transport, opened.Reader, opened.Result);
        Outbox = new Outbox(options, Result, _transport.Stream, time) { Failed = FailTransport };
        Requests = new Requests(Outbox);
        Reauthentication = new Reauthentication(options.Authentication, Outbox);
        _lastReceived = time.GetTimestamp();
    }

    /// <summary>What CONNACK said.</summary>
    public ConnectResult Result { get; }

    public Outbox Outbox { get; }

    public Requests Requests { get; }

    public Reauthentication Reauthentication { get; }

    /// <summary>Completes with the reason when the connection ends; never fails.</summary>
    public Task<ConnectionEnd> Ended => _ended.Task;

    /// <summary>Cancelled when the connection ends.</summary>
    public CancellationToken Stopping => _stop.Token;

    /// <summary>The socket is not read, because the application does not take what is there already.</summary>
    public bool IsHeldBack
    {
        get => Volatile.Read(ref _isHeldBack);
        set => Volatile.Write(ref _isHeldBack, value);
    }

    public long LastReceived
    {
        get => Volatile.Read(ref _lastReceived);
        private set => Volatile.Write(ref _lastReceived, value);
    }

    /// <summary>Opens a transport and shakes hands, all within the connect timeout. Throws what <see cref="FailedConnection"/> knows.</summary>
    public static async Task<Connection> OpenAsync(
        MqttClientOptions options, TimeProvider time, ConnectAttempt attempt, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.ConnectTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        Transport? transport = null;
        try
        {
            transport = await Dialer.OpenAsync(options, either.Token).ConfigureAwait(false);
            var reader = PipeReader.Create(transport.Stream, new StreamPipeReaderOptions(
                bufferSize: 16 * 1024, leaveOpen: true, useZeroByteReads: transport.CanWaitWithoutBuffer));
            var result = await new Handshake(options, transport.Stream, reader).RunAsync(attempt, either.Token).ConfigureAwait(false);
            return new Connection(options, time, attempt, new Opened(transport, reader, result));
        }
        catch (Exception e)
        {
            if (transport is not null)
                await transport.DisposeAsync().ConfigureAwait(false);
            if (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested && e is OperationCanceledException)
                throw new MqttDisconnectedException("No CONNACK in time", new ConnectionEnd(DisconnectCause.ConnectTimedOut) { Error = e });
            throw;
        }
    }

    /// <summary>Begins to read, once the session knows where to write.</summary>
    public void Start(Publications publications, Inbox inbox)
    {
        // MQTT 3.1 has no way to tell that there is a session. Behaving as if there were does no harm where there is none.
        var resumes = Result.SessionPresent || (_options.Version == MqttVersion.V31 && !_attempt.CleanStart);
        Outbox.RoomMade = publications.OnRoom;
        inbox.Attach(Outbox, resumes);
        publications.Attach(new Outlet(Outbox, Result, _options.Version), resumes);
        if (Result.KeepAlive > TimeSpan.Zero)
            _keepAlive = new KeepAlive(this, Result.KeepAlive, _options.PingTimeout, _time);
        var dispatch = new PacketDispatch(_options, this, publications, inbox);
        _reading = new Receiver(_options, this, dispatch, inbox).RunAsync(_reader);
    }

    public void NoteReceived() => LastReceived = _time.GetTimestamp();

    /// <summary>The first reason counts.</summary>
    public void End(ConnectionEnd end)
    {
        if (_ended.TrySetResult(end))
            _stop.Cancel();
    }

    /// <summary>
    /// Ends the connection with a DISCONNECT behind everything that waits to be sent. Before MQTT 5 it has no reason and means that all is
    /// well, so it is left out when it is not.
    /// </summary>
    public void EndWithDisconnect(ConnectionEnd end, uint? sessionExpirySeconds = null)
    {
        if (_options.Version == MqttVersion.V5 || end.Cause == DisconnectCause.Requested)
        {
            Outbox.Write((output, version) => WriteDisconnect(output, version, end.Reason, sessionExpirySeconds));
            _saysGoodbye = true;
        }

        End(end);
    }

    /// <summary>Closes what the connection holds, after it ended, and after its goodbye left.</summary>
    public async ValueTask DisposeAsync()
    {
        _keepAlive?.Dispose();
        var drained = Outbox.CompleteAsync();
        if (_saysGoodbye)
            await WaitForGoodbyeAsync(drained).ConfigureAwait(false);
        try
        {
            await _transport.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (FailedConnection.IsExpected(e))
        {
            // TLS wants to say goodbye on a connection that is gone.
        }

        await _reading.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task WaitForGoodbyeAsync(Task drained)
    {
        try
        {
            await drained.WaitAsync(GoodbyeTimeout, _time).ConfigureAwait(false);
            await _transport.CloseSendingAsync(CancellationToken.None).AsTask().WaitAsync(GoodbyeTimeout, _time).ConfigureAwait(false);

            // Closing a socket with unread bytes resets it, and a reset may overtake the DISCONNECT: the server would publish our will.
            await _reading.WaitAsync(GoodbyeTimeout, _time).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException || FailedConnection.IsExpected(e))
        {
            // The connection is going away in any case.
        }
    }

    private static void WriteDisconnect(OutboundBuffer output, MqttVersion version, ReasonCode reason, uint? sessionExpirySeconds)
    {
        var properties = new PropertyWriter(stackalloc byte[16]);
        if (version == MqttVersion.V5 && sessionExpirySeconds is { } seconds)
            properties.Number(PropertyId.SessionExpiryInterval, seconds);
        new DisconnectPacket { Reason = reason, Properties = PropertyList.FromValidated(properties.Written) }.Write(output, version);
        properties.Dispose();
    }

    private void FailTransport(Exception error) => End(FailedConnection.EndOf(error));

    private readonly record struct Opened(Transport Transport, PipeReader Reader, ConnectResult Result);
}
