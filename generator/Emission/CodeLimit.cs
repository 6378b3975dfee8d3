using System.Globalization;

namespace Strata.Compiler.Emission;

/// <summary>Counts the code of a network while it is made, and refuses too much of it.</summary>
/// <param name="network">The network's name, for the message.</param>
/// <param name="most">The most bytes of IL.</param>
internal sealed class CodeLimit(string network, long most)
{
    private long _length;

    /// <summary>Counts the code of a method.</summary>
    /// <exception cref="NetworkException">The network has too much.</exception>
    public void Add(int bytes) => Check(_length += bytes);

    /// <summary>Refuses code that was made before.</summary>
    /// <exception cref="NetworkException">It is too much.</exception>
    public void Check(long bytes)
    {
        if (bytes > most)
        {
            throw new NetworkException(string.Create(
                CultureInfo.InvariantCulture, $"The code of {network} has more than the {most:N0} bytes that are allowed ")
                + $"({nameof(CompileOptions.MaxCodeSize)}).");
        }
    }
}
