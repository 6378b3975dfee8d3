using System;

namespace Strata.Generator.Foundation;

/// <summary>A <see cref="TextNode"/> is well formed, but means nothing. Who reads a whole text catches it.</summary>
internal sealed class TextFormException(string message) : Exception(message);
