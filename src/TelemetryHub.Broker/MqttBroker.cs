using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Logging;
using TelemetryHub.Broker.Authentication;
using TelemetryHub.Broker.Connections;
using TelemetryHub.Broker.Links;
using TelemetryHub.Broker.Operation;
using TelemetryHub.Broker.Proxy;
using TelemetryHub.Broker.Reactors;
using TelemetryHub.Broker.Recovery;
using TelemetryHub.Broker.Sessions;
using TelemetryHub.Broker.Wills;
using TelemetryHub.Core.Access;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Journaling;
using TelemetryHub.Core.Log;
using TelemetryHub.Core.Routing;
using TelemetryHub.Mqtt;

namespace TelemetryHub.Broker;

/// <summary>
/// The MQTT broker: takes connections from any transport, keeps sessions, and publishes into and delivers from the one log.
/// Thread-safe. Start it, hand it links, stop it; it owns no sockets but those of <see cref="Listen"/>.
/// </summary>
public sealed partial class MqttBroker : ILinkAcceptor, IReactorWork, IAsyncDisposable
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<Connection, byte> _connections = new();
    private readonly ILogger _logger;
    private readonly LogBudget _logBudget;
    private readonly Upkeep _upkeep;
    private readonly ConnectRate _connectRate;
    private readonly Lazy<Reactor[]> _reactors;
    private readonly List<TcpListener> _listeners = [];
    private long _unreadableReported; // when, in milliseconds
    private int _connectionCount; // counting the dictionary takes all its locks
    private volatile bool _isDraining;

    /// <summary>Makes a broker on a log. <paramref name="scram"/>: who may authenticate by SCRAM-SHA-256; null = nobody.</summary>
    public MqttBroker(BrokerOptions options, ILog log, Router router, TopicTable topics, IAccess access, TimeProvider time, ILogger<MqttBroker> logger, IScramCredentials? scram = null)
    {
        (Options, Log, Router, Topics, Access, Time, ScramCredentials, _logger) = (options, log, router, topics, access, time, scram, logger);
        Clock = new Clock(time);
        Publisher = new HubPublisher(log, router, Statistics);
        DelayedReads = new DelayedReads(this);
        Sessions = new SessionRegistry(this);
        _connectRate = new ConnectRate(options.ConnectRate, Clock);
        _logBudget = new LogBudget(Clock);
        _reactors = new Lazy<Reactor[]>(StartReactors);
        _upkeep = new Upkeep(this, TickInterval);
    }

    /// <summary>Totals since the start.</summary>
    public BrokerStatistics Statistics { get; } = new();

    /// <summary>Clients that are connected now.</summary>
    public int ConnectionCount => Volatile.Read(ref _connectionCount);

    /// <summary>Sessions, connected or not.</summary>
    public int SessionCount => Sessions.Count;

    /// <summary>Whether plain TCP can be served by reactors here; elsewhere the host brings its own listener.</summary>
    public static bool CanListen => OperatingSystem.IsLinux();

    internal BrokerOptions Options { get; }

    internal ILog Log { get; }

    internal Router Router { get; }

    internal TopicTable Topics { get; }

    internal IAccess Access { get; }

    internal TimeProvider Time { get; }

    internal Clock Clock { get; }

    internal IScramCredentials? ScramCredentials { get; }

    internal SessionRegistry Sessions { get; }

    internal DelayedReads DelayedReads { get; }

    internal HubPublisher Publisher { get; }

    /// <summary>Enumerated without a lock or a copy: who comes or goes meanwhile may be in it or not.</summary>
    internal IEnumerable<Connection> Connections => _connections.Select(pair => pair.Key);

    internal long Milliseconds => Clock.Milliseconds;

    internal long UnixMilliseconds => Clock.UnixMilliseconds;

    /// <summary>
    /// Takes up what the log had when it was opened: retained messages, sessions and what waits in them, wills; and routes what had not been
    /// routed. Before anything listens.
    /// </summary>
    public void Restore(RecoveredState recovered)
    {
        Router.RestoreRetained(recovered.Retained);
        var restoration = new Restoration(this, (SessionsImage)recovered.Image(StatePart.Sessions), recovered.LastTime);
        restoration.Begin();
        Router.RouteAgain(recovered.Unrouted);
        restoration.End();
        if (restoration.Sessions > 0)
            Messages.Restored(_logger, SessionCount, restoration.Queued, restoration.Sessions - SessionCount);
        if (restoration.NotKept > 0)
            Messages.NotKeptSinceLastRun(_logger, restoration.NotKept);
    }

    /// <summary>Serves plain TCP on this address, and answers with the real one.</summary>
    public IPEndPoint Listen(IPEndPoint address, bool behindProxy = false)
    {
        var listener = TcpListener.Start(address, _reactors.Value, behindProxy ? new ProxyAcceptor(this) : this, _logger);
        _listeners.Add(listener);
        return listener.Address;
    }

    /// <inheritdoc/>
    public ILinkHandler? Accept(Link link)
    {
        if (_isDraining || ConnectionCount >= Options.MaxConnections)
        {
            Statistics.End(DisconnectCause.ConnectionLimit);
            if (_logBudget.TryTake(DisconnectCause.ConnectionLimit))
                Messages.TooManyConnections(_logger, link.Info, Options.MaxConnections);
            return null;
        }
        var connection = new Connection(this, link);
        _connections.TryAdd(connection, 0);
        Interlocked.Increment(ref _connectionCount);
        Statistics.Connect();
        return connection;
    }

    /// <inheritdoc/>
    public void OnBatchRead()
    {
        try
        {
            Router.Pump();
        }
        catch (Exception fault) // a bug, perhaps of an access part: it must not end the thread that serves everybody
        {
            Messages.RoutingFault(_logger, fault);
        }
    }

    /// <summary>
    /// Takes nobody new, sends everybody away (MQTT 5 clients to <see cref="BrokerOptions.ServerReference"/> if there is one)
    /// and waits until they are gone or the token says that it has been long enough.
    /// </summary>
    public async Task DrainAsync(CancellationToken cancellation)
    {
        _isDraining = true;
        Sessions.Stop();
        foreach (var listener in _listeners)
            listener.Dispose();
        var moved = Options.ServerReference.Length > 0;
        foreach (var connection in Connections)
            connection.PostClose(DisconnectCause.Shutdown, moved ? ReasonCode.UseAnotherServer : ReasonCode.ServerShuttingDown, Options.ServerReference);
        await _upkeep.WaitUntilEmptyAsync(cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _isDraining = true;
        Sessions.Stop();
        await _upkeep.DisposeAsync().ConfigureAwait(false);
        foreach (var listener in _listeners)
            listener.Dispose();
        foreach (var connection in Connections)
            connection.Link.Abort();
        if (_reactors.IsValueCreated)
        {
            foreach (var reactor in _reactors.Value)
                reactor.Dispose();
        }
    }

    /// <summary>Appends, routing first when the log is full of what has not been routed.</summary>
    internal AppendResult Append(Event @event, Connection connection, out long ticket)
    {
        var result = Log.TryAppend(@event, out ticket);
        if (result != AppendResult.Full)
            return result;
        Router.Pump();
        return Log.TryAppend(@event, out ticket);
    }

    /// <summary>May one more client be let in now?</summary>
    internal ReasonCode Admit() => _connectRate.TryTake() ? ReasonCode.Success : ReasonCode.ConnectionRateExceeded;

    internal void OnConnected(Connection connection) =>
        Messages.Connected(_logger, connection.Session.ClientId, connection.Link.Info, connection.Version);

    internal void OnClosed(Connection connection, DisconnectCause cause, ProtocolFault fault)
    {
        if (_connections.TryRemove(connection, out _))
            Interlocked.Decrement(ref _connectionCount);
        Statistics.End(cause);
        if (ConnectionCount == 0)
            _upkeep.OnEmpty();
        if (!_logBudget.TryTake(cause))
            return;
        var client = connection.Session?.ClientId ?? "(not connected)";
        if (fault != ProtocolFault.None)
            Messages.Faulty(_logger, client, connection.Link.Info, fault);
        else
            Messages.Disconnected(_logger, client, connection.Link.Info, cause);
    }

    internal void ReportFlapping(string clientId, Link newcomer, Link holder)
    {
        if (_logBudget.TryTake(DisconnectCause.Flapping))
            Messages.Flapping(_logger, clientId, newcomer.Info, holder.Info);
    }

    internal void ReportNotKept(long messages, int sessions) => Messages.NotKept(_logger, messages, sessions);

    /// <summary>What waits for sessions cannot be read. At most a line a second.</summary>
    internal void ReportUnreadable(TimeSpan delay)
    {
        var (now, last) = (Milliseconds, Volatile.Read(ref _unreadableReported));
        if ((last == 0 || now - last >= 1_000) && Interlocked.CompareExchange(ref _unreadableReported, now, last) == last)
            Messages.Unreadable(_logger, delay.TotalSeconds);
    }

    internal void ReportUpkeepFault(Exception fault) => Messages.UpkeepFault(_logger, fault);

    internal void ReportAccessFault(Exception fault) => Messages.AccessFault(_logger, fault);

    internal void ReportSuppressed(DisconnectCause cause, long count) => Messages.Suppressed(_logger, count, cause);

    internal void ReportSuppressedLogs() => _logBudget.Report(this);

    private Reactor[] StartReactors()
    {
        var count = Options.Reactors > 0 ? Options.Reactors : Math.Max(1, Environment.ProcessorCount / 2);
        return [.. Enumerable.Range(0, count).Select(number => new Reactor($"mqtt reactor {number}", this, _logger))];
    }
}
