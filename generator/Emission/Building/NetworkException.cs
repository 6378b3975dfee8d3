using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Kernels;
using Strata.Compiler.Operators;

namespace Strata;

/// <summary>
/// A network that cannot be compiled. The message has a line for each error, as the C# compiler would show it for an attribute: the id of
/// the rule, the layer, and the arithmetic of the shape.
/// </summary>
public sealed class NetworkException : Exception
{
    internal NetworkException(string network, IReadOnlyList<Problem> errors)
        : base($"{network} cannot be compiled:"
            + string.Concat(errors.Select(error => $"{Environment.NewLine}{error.Id}: {error.Message}"))) =>
        Rules = [.. errors.Select(error => error.Id)];

    internal NetworkException(string network, NetworkTooLargeException exception)
        : this(network, [ShapeProblems.Unreachable(network, exception.Message)])
    {
    }

    /// <summary>
    /// The ids of the rules that the network breaks, in the order of the message: <c>STRATA030</c>. Empty if something else is wrong, such
    /// as a size that it does not have, or a limit.
    /// </summary>
    public IReadOnlyList<string> Rules { get; }

    internal NetworkException(string message)
        : base(message) => Rules = [];
}
