namespace TelemetryHub.Server.Hosting;

/// <summary>What the process tells its caller.</summary>
internal enum ExitCode
{
    /// <summary>Ended because it was asked to; a tool: nothing is wrong.</summary>
    Success = 0,

    /// <summary>Could not start, or did not end by itself; a tool: it found something wrong, or could not do it.</summary>
    Failed = 1,

    /// <summary>The command line or the configuration is wrong; trying again without a change is useless.</summary>
    WrongConfiguration = 2,
}
