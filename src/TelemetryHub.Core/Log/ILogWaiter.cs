namespace TelemetryHub.Core.Log;

/// <summary>Someone who waits for the log. Called on whatever thread made the progress: hand over and return, never work here.</summary>
public interface ILogWaiter
{
    /// <summary>The ticket that was waited for, and all before it, are no longer <see cref="KeptState.Pending"/>.</summary>
    void OnKept();

    /// <summary>There is space again after <see cref="AppendResult.Full"/>.</summary>
    void OnSpace();
}
