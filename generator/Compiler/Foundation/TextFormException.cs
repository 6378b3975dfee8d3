using System;

namespace Strata.Compiler.Foundation;

/// <summary>A <see cref="TextNode"/> is well formed, but means nothing. The reader of the whole text catches it.</summary>
internal sealed class TextFormException(string message) : Exception(message);
