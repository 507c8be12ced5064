using System.Runtime.ExceptionServices;
using TelemetryHub.Mqtt.Client.Connections;

namespace TelemetryHub.Mqtt.Client.Sessions;

/// <summary>Makes connections and keeps one alive: connect, lose, wait, connect again, until told to stop or until it makes no sense any more.</summary>
internal sealed class Lifecycle(
    MqttClientOptions options, TimeProvider time, Publications publications, Inbox inbox, KnownSubscriptions subscriptions)
{
    private readonly Lock _gate = new(); // guards the fields below
    private MqttConnectionState _state;
    private Connection? _connection;
    private CancellationTokenSource? _stop; // from a connect until all is over
    private bool _stopRequested;
    private Task _running = Task.CompletedTask;
    private string? _clientId;

    public event EventHandler<ConnectionStateChange>? StateChanged;

    public MqttConnectionState State
    {
        get
        {
            lock (_gate)
                return _state;
        }
    }

    /// <summary>The connection that stands, if one does.</summary>
    public Connection Current
    {
        get
        {
            lock (_gate)
                return _connection ?? throw new MqttDisconnectedException("The client is not connected.");
        }
    }

    public async Task<ConnectResult> ConnectAsync(CancellationToken cancellationToken)
    {
        var stop = new CancellationTokenSource();
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_stop is not null)
                throw new InvalidOperationException($"The client is {_state} already.");
            (_stop, _stopRequested, _running) = (stop, false, over.Task);
            _clientId ??= options.InitialClientId();
        }

        Change(MqttConnectionState.Connecting);
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, cancellationToken);
            var connection = await Connection.OpenAsync(options, time, new ConnectAttempt(_clientId, options.CleanStart), either.Token)
                .ConfigureAwait(false);
            await BeginAsync(connection, isReconnect: false).ConfigureAwait(false);
            _ = RunAsync(connection, over, stop.Token);
            return connection.Result;
        }
        catch (Exception e)
        {
            Finish(FailedConnection.EndOf(e));
            over.SetResult();
            if (FailedConnection.IsExpected(e) && e is not (MqttException or OperationCanceledException))
                throw new MqttDisconnectedException("Could not connect", FailedConnection.EndOf(e));
            throw;
        }
    }

    /// <summary>Says goodbye where there is a connection, and stops making new ones.</summary>
    public async Task DisconnectAsync(ReasonCode reason, uint? sessionExpirySeconds)
    {
        Connection? connection;
        CancellationTokenSource stop;
        Task running;
        lock (_gate)
        {
            if (_stop is null)
                return;
            (stop, running, connection) = (_stop, _running, _connection);
            _stopRequested = true;
        }

        if (connection is not null)
            Change(MqttConnectionState.Disconnecting);
        connection?.EndWithDisconnect(new ConnectionEnd(DisconnectCause.Requested) { Reason = reason }, sessionExpirySeconds);
        await stop.CancelAsync().ConfigureAwait(false);
        await running.ConfigureAwait(false);
    }

    private async Task RunAsync(Connection first, TaskCompletionSource over, CancellationToken stop)
    {
        try
        {
            await KeepConnectedAsync(first, stop).ConfigureAwait(false);
        }
        catch (Exception e) // what the application gave us to call may throw anything; nobody awaits this loop, so it is told as the end
        {
            Finish(FailedConnection.EndOf(e));
        }

        over.SetResult();
    }

    private async Task KeepConnectedAsync(Connection first, CancellationToken stop)
    {
        var connection = first;
        while (true)
        {
            var end = await connection.Ended.ConfigureAwait(false);
            lock (_gate)
                _connection = null;
            publications.Detach(end);
            var error = new MqttDisconnectedException("The connection ended", end);
            connection.Requests.Fail(error);
            connection.Reauthentication.Fail(error);
            await connection.DisposeAsync().ConfigureAwait(false);

            var reconnected = await ReconnectAsync(end, stop).ConfigureAwait(false);
            if (reconnected is null)
                return;
            connection = reconnected;
        }
    }

    private async Task<Connection?> ReconnectAsync(ConnectionEnd end, CancellationToken stop)
    {
        var policy = options.Reconnect;
        for (var attempt = 0; ; attempt++)
        {
            var isEnough = policy.MaximumAttempts > 0 && attempt >= policy.MaximumAttempts;
            if (stop.IsCancellationRequested || !policy.IsEnabled || isEnough || !policy.ShouldReconnect(end))
            {
                Finish(end);
                return null;
            }

            try
            {
                var delay = policy.DelayBefore(attempt);
                var wait = Task.Delay(delay, time, stop);
                Change(MqttConnectionState.Reconnecting, end, delay);
                await wait.ConfigureAwait(false);
                var connection = await Connection.OpenAsync(options, time, AttemptAgain(), stop).ConfigureAwait(false);
                await BeginAsync(connection, isReconnect: true).ConfigureAwait(false);
                return connection;
            }
            catch (Exception e) when (FailedConnection.IsExpected(e))
            {
                end = stop.IsCancellationRequested ? new ConnectionEnd(DisconnectCause.Requested) : FailedConnection.EndOf(e);
            }
        }
    }

    // In MQTT 3.x a clean session is clean at both ends, so there is nothing to resume; in MQTT 5 a clean start says nothing about the end.
    private ConnectAttempt AttemptAgain() => new(_clientId!, CleanStart: options.CleanStart && options.Version != MqttVersion.V5);

    private async Task BeginAsync(Connection connection, bool isReconnect)
    {
        bool isTooLate;
        lock (_gate)
        {
            (_connection, _clientId, isTooLate) = (connection, connection.Result.ClientId, _stopRequested);
        }

        // Whoever asked to stop saw no connection to say goodbye on.
        if (isTooLate)
            connection.EndWithDisconnect(new ConnectionEnd(DisconnectCause.Requested));
        connection.Start(publications, inbox);
        var lost = connection.Result.SessionPresent ? [] : await RestoreSubscriptionsAsync(connection, isReconnect).ConfigureAwait(false);
        Change(new ConnectionStateChange(State, MqttConnectionState.Connected) { Connected = connection.Result, LostSubscriptions = lost });
    }

    /// <summary>The session is new. An application that connected by itself knows that; one that was reconnected need not care.</summary>
    private async Task<IReadOnlyList<SubscriptionOutcome>> RestoreSubscriptionsAsync(Connection connection, bool isReconnect)
    {
        if (!isReconnect)
            subscriptions.Clear();
        return options.Resubscribe ? await ResubscribeAsync(connection).ConfigureAwait(false) : [];
    }

    private async Task<IReadOnlyList<SubscriptionOutcome>> ResubscribeAsync(Connection connection)
    {
        var lost = new List<SubscriptionOutcome>();
        try
        {
            using var timeout = new CancellationTokenSource(options.ConnectTimeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, connection.Stopping);
            foreach (var (properties, requests) in subscriptions.Requests())
            {
                var answer = await connection.Requests.SubscribeAsync(requests, properties, either.Token).ConfigureAwait(false);
                lost.AddRange(answer.Outcomes.Where(outcome => !outcome.IsSuccess));
            }
        }
        catch (Exception e) when (FailedConnection.IsExpected(e))
        {
            // A server that does not answer: this connection is of no use, and its end leads to the next attempt.
            connection.End(FailedConnection.EndOf(e));
        }

        subscriptions.Remove(lost);
        return lost;
    }

    private void Finish(ConnectionEnd end)
    {
        publications.Stop(end);
        var previous = State;
        lock (_gate)
            (_state, _connection, _stop) = (MqttConnectionState.Disconnected, null, null);
        Announce(new ConnectionStateChange(previous, MqttConnectionState.Disconnected) { End = end });
    }

    private void Change(MqttConnectionState state, ConnectionEnd? end = null, TimeSpan retryIn = default) =>
        Change(new ConnectionStateChange(State, state) { End = end, RetryIn = retryIn });

    private void Change(ConnectionStateChange change)
    {
        lock (_gate)
            _state = change.State;
        Announce(change);
    }

    private void Announce(ConnectionStateChange change)
    {
        try
        {
            StateChanged?.Invoke(this, change);
        }
        catch (Exception e)
        {
            // The handler's bug must neither stop the reconnecting nor be hidden: it is thrown where that of an 'async void' handler would be.
            var thrown = ExceptionDispatchInfo.Capture(e);
            ThreadPool.QueueUserWorkItem(static thrown => thrown.Throw(), thrown, preferLocal: false);
        }
    }
}
