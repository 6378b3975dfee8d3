using System;

namespace Strata.Tool;

/// <summary>A command cannot do what it is asked for. The message is all that users see.</summary>
internal sealed class ToolException(string message) : Exception(message);
