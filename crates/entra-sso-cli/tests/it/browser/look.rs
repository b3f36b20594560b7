//! How a page is looked at: colour scheme and size of the window.

use serde_json::json;

use crate::browser::chromium::Chromium;

/// One way to look at a page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look {
    pub(crate) name: &'static str,
    scheme: &'static str,
    width: u32,
    pub(crate) height: u32,
}

/// Light, dark, and as narrow as a page still has to fit (WCAG 1.4.10: 320 px, which is also 1280 px at 400 %).
pub(crate) const LOOKS: [Look; 3] = [
    Look { name: "light", scheme: "light", width: 1280, height: 800 },
    Look { name: "dark", scheme: "dark", width: 1280, height: 800 },
    Look { name: "narrow", scheme: "light", width: 320, height: 800 },
];

impl Look {
    pub(crate) async fn apply(self, chromium: &Chromium) {
        self.apply_as_high_as(chromium, self.height).await;
    }

    pub(crate) async fn apply_as_high_as(self, chromium: &Chromium, height: u32) {
        let narrow = self.width < 500;
        let metrics = json!({ "width": self.width, "height": height, "deviceScaleFactor": 1, "mobile": narrow });
        chromium.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": self.scheme }] });
        chromium.devtools("Emulation.setEmulatedMedia", features).await;
    }

    /// The window as it is by itself.
    pub(crate) async fn leave(chromium: &Chromium) {
        chromium.devtools("Emulation.clearDeviceMetricsOverride", json!({})).await;
        chromium.devtools("Emulation.setEmulatedMedia", json!({ "features": [] })).await;
    }
}
