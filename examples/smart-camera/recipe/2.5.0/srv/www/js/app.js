// Web interface of the camera
"use strict";
const settings = { api: "/api/v1", refresh: 1000 };
const text = {
  en: { password: "Password", passwordHint: "At least 12 characters", failed: "Log-in failed" },
  ja: { password: "パスワード", passwordHint: "12文字以上", failed: "ログインできませんでした" },
};
const words = text[navigator.language.slice(0, 2)] || text.en;
const form = document.getElementById("login");
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const body = { user: form.user.value, password: form.password.value };
  const reply = await fetch(settings.api + "/session", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  document.getElementById("state").textContent = reply.ok ? "" : words.failed;
});
setInterval(() => { document.getElementById("live").src = "live?" + Date.now(); }, settings.refresh);
