using System;

namespace Strata.Serving.Protocol;

/// <summary>Parameters that ask for what this server does not do. To ignore them would answer another question.</summary>
internal static class Parameters
{
    /// <exception cref="ProtocolException">The parameter belongs to an extension that this server does not have.</exception>
    public static void Check(string name)
    {
        if (name.StartsWith("shared_memory_", StringComparison.Ordinal))
        {
            throw ProtocolException.Bad($"The parameter '{name}' asks for shared memory, which this server does not have.");
        }

        if (name == "class_count")
        {
            throw ProtocolException.Bad(
                "There is no parameter 'class_count'. "
                + $"An output's parameter '{ClassificationOutput.Parameter}' asks for its likeliest classes.");
        }
    }

    /// <summary>Checks a parameter of a load: the app says what is loaded, not a client.</summary>
    /// <exception cref="ProtocolException">The parameter names something to load.</exception>
    public static void CheckLoad(string name)
    {
        if (name == "config" || name.StartsWith("file:", StringComparison.Ordinal))
        {
            throw ProtocolException.Bad($"The parameter '{name}' is not taken: a model loads the file that the app has configured.");
        }
    }
}
